"""Files that are no table, and files under false names."""

import bz2
import gzip
import io
import lzma
import zipfile

SIMPLE = b"a,b,c\n1,2,3\n4,5,6\n"
ABC = {"columns": ["a", "b", "c"], "rows": [[1, 2, 3], [4, 5, 6]]}


def _zip(**files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name.replace("_dot_", ".")), data)
    return buffer.getvalue()


XLSX = _zip(
    **{
        "[Content_Types].xml": b"<Types/>",
        "xl/workbook.xml": b"<workbook/>",
        "xl/worksheets/sheet1.xml": b"<sheet/>",
    }
)

LFS = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f\nsize 12345\n"

CASES = [
    dict(name="zipped.zip", data=_zip(table_dot_csv=SIMPLE), **ABC),
    dict(
        name="zipped_with_clutter.zip",
        data=_zip(table_dot_csv=SIMPLE, **{"_" * 2 + "MACOSX/x": b"\0\1"}),
        **ABC,
    ),
    dict(name="gzipped.csv.gz", data=gzip.compress(SIMPLE, mtime=0), **ABC),
    dict(name="bzipped.csv.bz2", data=bz2.compress(SIMPLE), **ABC),
    dict(name="xzipped.csv.xz", data=lzma.compress(SIMPLE), **ABC),
    dict(name="gzip_under_csv.csv", data=gzip.compress(SIMPLE, mtime=0), warnings=["gzip"], **ABC),
    dict(name="text_under_gz.csv.gz", data=SIMPLE, warnings=["not compressed"], **ABC),
    {"name": "empty.csv", "data": b"", "refused": "empty"},
    {"name": "only_a_bom.csv", "data": b"\xef\xbb\xbf", "refused": "empty"},
    {"name": "only_blank_lines.csv", "data": b"\n\n  \n\r\n", "refused": "empty|blank"},
    {"name": "only_comments.csv", "data": b"# a\n# b\n", "refused": "no rows|no row"},
    {"name": "only_a_header.csv", "data": b"name,age,city\n", "refused": "header.*no rows"},
    {"name": "empty.csv.gz", "data": gzip.compress(b"", mtime=0), "refused": "empty"},
    {
        "name": "html.csv",
        "data": b"<!DOCTYPE html>\n<html><body><table><tr><td>1</td></tr></table></body></html>\n",
        "refused": "HTML",
    },
    {
        "name": "html_fragment.csv",
        "data": b"\n\n  <html lang=en>\n<p>404, not found</p>\n</html>\n",
        "refused": "HTML",
    },
    {"name": "xml.csv", "data": b'<?xml version="1.0"?>\n<rows><row a="1"/></rows>\n', "refused": "XML"},
    {"name": "json.csv", "data": b'[{"a": 1, "b": 2}, {"a": 3, "b": 4}]\n', "refused": "JSON"},
    {"name": "json_lines.csv", "data": b'{"a": 1, "b": 2}\n{"a": 3, "b": 4}\n', "refused": "JSON"},
    {"name": "excel_under_csv.csv", "data": XLSX, "refused": "Excel workbook"},
    {"name": "excel.xlsx", "data": XLSX, "refused": "Excel workbook"},
    {
        "name": "old_excel.csv",
        "data": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        "refused": "old Excel",
    },
    {"name": "zip_under_csv.csv", "data": _zip(table_dot_csv=SIMPLE), "refused": "zip archive"},
    {"name": "two_in_a_zip.zip", "data": _zip(a_dot_csv=SIMPLE, b_dot_csv=SIMPLE), "refused": "2 files"},
    {"name": "nothing_in_a_zip.zip", "data": _zip(), "refused": "no file"},
    {
        "name": "cut_off.csv.gz",
        "data": gzip.compress(SIMPLE * 50_000, mtime=0)[:-2000],
        "refused": "damaged|ends early",
    },
    {"name": "pdf.csv", "data": b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n", "refused": "PDF"},
    {"name": "png.csv", "data": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, "refused": "PNG"},
    {
        "name": "random_bytes.csv",
        "data": bytes((k * 37 + k * k * 11) % 256 for k in range(5000)),
        "refused": "binary",
    },
    {"name": "zeros.csv", "data": bytes(4096), "refused": "binary|empty"},
    {"name": "sqlite.csv", "data": b"SQLite format 3\x00" + bytes(500), "refused": "SQLite"},
    {
        "name": "pickle.csv",
        "data": b"\x80\x04\x95\x10\x00\x00\x00\x00\x00\x00\x00]\x94(K\x01K\x02e.",
        "refused": "pickle",
    },
    {"name": "damaged_parquet.csv", "data": b"PAR1" + bytes(200) + b"PAR1", "refused": "Parquet"},
    {
        "name": "html_part.csv",
        "data": b'<div class="x"><table><tr><td>1</td><td>2</td></tr></table></div>\n',
        "refused": "HTML",
    },
    {
        "name": "arff.csv",
        "data": b"@relation x\n@attribute a numeric\n@attribute b {x,y}\n@data\n1,x\n2,y\n",
        "refused": "ARFF",
    },
    {
        "name": "gzip_in_gzip.csv.gz",
        "data": gzip.compress(gzip.compress(SIMPLE, mtime=0), mtime=0),
        "refused": "compressed twice",
    },
    {"name": "excel_in_gzip.csv.gz", "data": gzip.compress(XLSX, mtime=0), "refused": "Excel workbook"},
    {
        "name": "picture_in_zip.zip",
        "data": _zip(a_dot_png=b"\x89PNG\r\n\x1a\n" + bytes(99)),
        "refused": "PNG",
    },
    {"name": "json_in_bz2.csv.bz2", "data": bz2.compress(b'[{"a": 1}]\n'), "refused": "JSON"},
    {
        "name": "damaged.csv.bz2",
        "data": bz2.compress(SIMPLE)[:14] + b"damage" + bz2.compress(SIMPLE)[20:],
        "refused": "bzip2 data is damaged",
    },
    *(
        {"name": name, "data": data, "refused": refused}
        for name, data, refused in (
            ("lfs.csv", LFS, "pointer of Git LFS.*git lfs pull"),
            ("lfs_crlf.csv", LFS.replace(b"\n", b"\r\n"), "pointer of Git LFS.*git lfs pull"),
            ("lfs.csv.gz", gzip.compress(LFS, mtime=0), "pointer of Git LFS"),
            ("annex.csv", b"/annex/objects/MD5E-s12345--abc.csv\n", "pointer of git-annex.*git annex get"),
            (
                "annex_link.csv",
                b"../.git/annex/objects/aB/Cd/MD5E-s1--a.csv/MD5E-s1--a.csv",
                "pointer of git-annex.*git annex get",
            ),
            (
                "long_header.csv",
                b",".join(b"column_number_%06d" % k for k in range(25_000)) + b"\n",
                "25000 columns.*no rows",
            ),
            ("long_header_of_one.csv", b"x" * 500_000 + b"\n", "1 column.*no rows"),
        )
    ),
    {"name": "header_and_end_of_file.csv", "data": b"@d.org\n\x1a", "refused": "header.*no rows"},
]
