"""Every fitted formula against scikit-learn's own transformers on the same training rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import IsolationForest
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.impute import KNNImputer, SimpleImputer
from sklearn.model_selection import KFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    MinMaxScaler,
    OneHotEncoder,
    OrdinalEncoder,
    QuantileTransformer,
    RobustScaler,
    StandardScaler,
    TargetEncoder,
)
from sklearn.utils.class_weight import compute_class_weight

from ann_tui.data.choices.preparation import MISSING_NUMBER, ColumnPreparation, Preparation
from ann_tui.data.preparing.class_weights import fit_class_weights
from ann_tui.data.preparing.multivariate_imputation import fit_chain, fit_neighbours
from ann_tui.data.preparing.prepare import PreparedData, prepare
from ann_tui.data.preparing.scaling import fit_scaler
from ann_tui.data.preparing.target_scale import fit_target_scale

from .conftest import Given, TableMaker

NUMBERS = ["age", "pay", "height"]
SCALERS = {
    "standard": StandardScaler(),
    "min-max": MinMaxScaler(),
    "robust": RobustScaler(),
    "quantile": QuantileTransformer(n_quantiles=36, output_distribution="normal"),
}


def frames(data: PreparedData) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The cells of the training and the test rows."""
    return data.table.frame.iloc[data.training.rows], data.table.frame.iloc[data.test.rows]


def features(data: PreparedData, *origins: str) -> list[int]:
    """The matrix columns of these raw columns."""
    return [place for place, origin in enumerate(data.fitted.feature_origins) if origin in origins]


@pytest.mark.parametrize("scaling", SCALERS)
def test_scaling_of_new_rows(mixed: Given, scaling: str) -> None:
    data = prepare(*mixed, Preparation(scaling=scaling))
    training, test = frames(data)
    pipeline = make_pipeline(SimpleImputer(strategy="median"), SCALERS[scaling]).fit(training[NUMBERS])
    places = features(data, *NUMBERS)
    for part, cells in ((data.training, training), (data.test, test)):
        np.testing.assert_allclose(
            part.x[:, places], pipeline.transform(cells[NUMBERS]), rtol=1e-5, atol=1e-6
        )


@pytest.mark.parametrize("seed", range(3))
def test_quantiles_with_ties_and_outside(seed: int) -> None:
    rng = np.random.default_rng(seed)
    values = rng.integers(0, 6, 50).astype(float)
    news = np.append(rng.normal(3, 4, 40), [-1e9, 1e9, 0, 5])
    reference = QuantileTransformer(n_quantiles=50, output_distribution="normal").fit(values.reshape(-1, 1))
    expected = reference.transform(news.reshape(-1, 1))[:, 0]
    np.testing.assert_allclose(fit_scaler("quantile", values).apply(news), expected, atol=1e-7)


def test_smooth_clip_is_the_published_formula() -> None:
    values = np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 100.0])
    scaler = fit_scaler("smooth clip", values)
    robust = RobustScaler().fit_transform(values.reshape(-1, 1))[:, 0]
    np.testing.assert_allclose(scaler.apply(values), robust / np.sqrt(1 + (robust / 3) ** 2))
    assert np.all(np.abs(scaler.apply(np.array([-1e30, 1e30]))) <= 3)
    mostly_zero = np.array([0.0] * 9 + [4.0])
    assert fit_scaler("smooth clip", mostly_zero).apply(np.array([4.0]))[0] == pytest.approx(
        2 / np.sqrt(1 + 4 / 9)
    )
    assert fit_scaler("smooth clip", np.full(5, 7.0)).apply(np.array([7.0, 9.0])).tolist() == [0, 0]


@pytest.mark.parametrize("method", ["median", "mean", "most frequent"])
def test_single_column_imputation(mixed: Given, method: str) -> None:
    data = prepare(*mixed, Preparation(missing_number=method, scaling="none"))
    training, test = frames(data)
    imputer = SimpleImputer(strategy=method.replace(" ", "_")).fit(training[NUMBERS])
    places = features(data, *NUMBERS)
    np.testing.assert_allclose(data.test.x[:, places], imputer.transform(test[NUMBERS]), rtol=1e-6)


def test_neighbours_are_those_of_standardized_columns(mixed: Given) -> None:
    data = prepare(*mixed, Preparation(missing_number="knn", scaling="none"))
    training, test = frames(data)
    mean, deviation = training[NUMBERS].mean(), training[NUMBERS].std(ddof=0)
    imputer = KNNImputer(n_neighbors=5).fit((training[NUMBERS] - mean) / deviation)
    expected = imputer.transform((test[NUMBERS] - mean) / deviation) * deviation.to_numpy() + mean.to_numpy()
    np.testing.assert_allclose(data.test.x[:, features(data, *NUMBERS)], expected, rtol=1e-5)


def test_the_chain_gives_what_the_iterative_imputer_gives() -> None:
    from sklearn.experimental import enable_iterative_imputer  # noqa: F401
    from sklearn.impute import IterativeImputer

    rng = np.random.default_rng(1)
    base = rng.normal(size=(300, 1))
    table = base @ [[1.0, 2.0, -1.0, 0.5]] + rng.normal(0, 0.3, (300, 4))
    table = (table - table.mean(axis=0)) / table.std(axis=0)
    with_gaps = np.where(rng.random(table.shape) < 0.15, np.nan, table)
    with_gaps[np.isnan(with_gaps).all(axis=1)] = 0.0
    centers, scales = np.nanmean(with_gaps, axis=0), np.nanstd(with_gaps, axis=0)
    reference = IterativeImputer(initial_strategy="constant", fill_value=0, max_iter=10, random_state=0)
    reference.min_value = np.nanmin((with_gaps - centers) / scales, axis=0)
    reference.max_value = np.nanmax((with_gaps - centers) / scales, axis=0)
    with pytest.warns(ConvergenceWarning):
        reference.fit((with_gaps - centers) / scales)
    filled = fit_chain(("a", "b", "c", "d"), with_gaps, 0).fill(with_gaps)
    expected = reference.transform((with_gaps - centers) / scales) * scales + centers
    np.testing.assert_allclose(filled, expected, rtol=1e-6, atol=1e-9)
    given = ~np.isnan(with_gaps)
    assert np.array_equal(filled[given], with_gaps[given])


def test_guesses_beat_the_median_where_columns_are_related() -> None:
    rng = np.random.default_rng(0)
    first = rng.normal(50, 10, 400)
    table = np.column_stack([first, 2 * first + rng.normal(0, 1, 400), rng.normal(0, 1, 400)])
    holes = table.copy()
    holes[:100, 1] = np.nan
    for model in (fit_neighbours("abc", holes, 0), fit_chain("abc", holes, 0)):
        guessed = model.fill(holes)[:100, 1]
        off = np.abs(guessed - table[:100, 1]).mean()
        assert off < 0.2 * np.abs(np.nanmedian(holes[:, 1]) - table[:100, 1]).mean()


def test_one_hot_and_ordinal(mixed: Given) -> None:
    exact = Preparation(rare=0, missing_category="most frequent")
    data = prepare(*mixed, exact)
    training, test = frames(data)
    fill = training["city"].mode()[0]
    encoder = OneHotEncoder(sparse_output=False, handle_unknown="ignore")
    encoder.fit(training[["city"]].fillna(fill))
    places = features(data, "city")
    np.testing.assert_array_equal(data.test.x[:, places], encoder.transform(test[["city"]].fillna(fill)))
    assert [data.fitted.feature_names[place] for place in places] == [
        f"city={label}" for label in encoder.categories_[0]
    ]
    data = prepare(*mixed, Preparation(encoding="ordinal", scaling="none"))
    ordinal = OrdinalEncoder().fit(training[["city"]].fillna(fill))
    expected = ordinal.transform(test[["city"]].fillna(fill))
    np.testing.assert_array_equal(data.test.x[:, features(data, "city")], expected)


@pytest.mark.parametrize("classes", [2, 3])
def test_target_encoding_is_cross_fitted_on_training_rows(table: TableMaker, classes: int) -> None:
    rng = np.random.default_rng(3)
    city = np.array([f"c{code}" for code in rng.integers(0, 12, 200)], dtype=object)
    goal = np.array([f"g{code}" for code in rng.integers(0, classes, 200)], dtype=object)
    given = table({"city": city, "goal": goal}, {"city": "category", "goal": "category"}, "goal")
    data = prepare(*given, Preparation(encoding="target"))
    rows = data.training.rows
    targets = np.column_stack([goal == f"g{code}" for code in range(classes)]).astype(float)
    targets = targets[:, 1:] if classes == 2 else targets
    for column in range(targets.shape[1]):
        y = targets[rows, column]
        encoder = TargetEncoder(target_type="continuous", cv=5)
        full = encoder.fit(city[rows].reshape(-1, 1), y).transform(city[data.test.rows].reshape(-1, 1))
        np.testing.assert_allclose(data.test.x[:, column], full[:, 0], rtol=1e-5)
        for rest, fold in KFold(5, shuffle=True, random_state=0).split(rows):
            other = encoder.fit(city[rows][rest].reshape(-1, 1), y[rest])
            expected = other.transform(city[rows][fold].reshape(-1, 1))[:, 0]
            np.testing.assert_allclose(data.training.x[fold, column], expected, rtol=1e-5)


def test_hashed_words(mixed: Given) -> None:
    data = prepare(*mixed, Preparation(text="hashed words"))
    _, test = frames(data)
    hashing = HashingVectorizer(n_features=64, ngram_range=(1, 2))
    expected = hashing.transform(test["remark"].fillna("")).toarray()
    np.testing.assert_allclose(data.test.x[:, features(data, "remark")], expected, atol=1e-7)


def test_a_whole_pipeline(mixed: Given) -> None:
    preparation = Preparation(missing_number="mean", missing_category="constant", rare=0, indicator=True)
    data = prepare(*mixed, preparation)
    training, test = frames(data)
    numeric = make_pipeline(SimpleImputer(strategy="mean"), StandardScaler())
    words = make_pipeline(
        SimpleImputer(strategy="constant", fill_value="missing", missing_values=None),
        OneHotEncoder(sparse_output=False, handle_unknown="ignore"),
    )
    pipeline = ColumnTransformer([("n", numeric, NUMBERS), ("w", words, ["city"])])
    cells = training.astype({"city": object}).where(training.notna(), None)
    pipeline.fit(cells)
    expected = pipeline.transform(test.astype({"city": object}).where(test.notna(), None))
    names = data.fitted.feature_names
    shown = [names.index(name) for name in NUMBERS]
    shown += [place for place, name in enumerate(names) if name.startswith("city=")]
    np.testing.assert_allclose(data.test.x[:, shown], expected, rtol=1e-5, atol=1e-6)
    for name in [*NUMBERS, "city"]:
        indicator = data.test.x[:, names.index(f"{name} was missing")]
        np.testing.assert_array_equal(indicator, test[name].isna())


def test_the_forest_drops_the_rows_that_scikit_learn_finds(mixed: Given) -> None:
    table, profile, source = mixed
    data = prepare(table, profile, source, Preparation(outliers="isolation forest", outlier_action="drop"))
    every = prepare(table, profile, source, Preparation())
    cells = table.frame.iloc[every.training.rows][NUMBERS]
    forest = IsolationForest(contamination=0.05, random_state=0)
    found = forest.fit_predict(cells.fillna(cells.median()).to_numpy(np.float32)) < 0
    assert data.training.rows.tolist() == every.training.rows[~found].tolist()


def test_class_weights_are_balanced() -> None:
    codes = np.array([0] * 30 + [1] * 6 + [2] * 4)
    expected = compute_class_weight("balanced", classes=np.arange(3), y=codes)
    np.testing.assert_allclose(fit_class_weights("balanced", codes, 3), expected)
    milder = np.array(fit_class_weights("square root", codes, 3))
    np.testing.assert_allclose(milder[codes].mean(), 1)
    np.testing.assert_allclose(milder / milder[0], np.sqrt(expected / expected[0]))
    assert fit_class_weights("none", codes, 3) == ()


def test_a_number_target_is_standardized_and_comes_back() -> None:
    values = np.random.default_rng(0).lognormal(3, 1, 500)
    for transform in ("none", "log", "quantile"):
        target = fit_target_scale("price", transform, values)
        encoded = target.encode(values)
        assert abs(encoded.mean()) < 1e-9
        assert encoded.std() == pytest.approx(1)
        np.testing.assert_allclose(target.decode(encoded), values, rtol=1e-6)
        assert np.isfinite(target.decode(np.array([-1e6, 1e6, 3e38]))).all()
    log = fit_target_scale("price", "log", np.array([-10.0, 0.0, 3.0]))
    np.testing.assert_allclose(log.decode(log.encode(np.array([-5.0, 0.0, 1e6]))), [-5, 0, 1e6])


def test_each_column_can_have_its_own(mixed: Given) -> None:
    own = {
        "age": ColumnPreparation(missing="constant", fill=33.0, scaling="none"),
        "pay": ColumnPreparation(scaling="robust", missing="knn"),
        "city": ColumnPreparation(encoding="binary"),
    }
    data = prepare(*mixed, Preparation(columns=own))
    names = data.fitted.feature_names
    _, test = frames(data)
    age = data.test.x[:, names.index("age")]
    np.testing.assert_allclose(age, test["age"].fillna(33.0), rtol=1e-6)
    assert [name for name in names if name.startswith("city")] == ["city bit 0", "city bit 1", "city bit 2"]
    assert set(MISSING_NUMBER) >= {
        column.missing for column in data.fitted.columns if column.kind == "number"
    }
