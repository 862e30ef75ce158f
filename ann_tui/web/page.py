"""The page that a browser gets: a terminal, and what is said when the app in it has ended. It asks nobody else."""

from __future__ import annotations

import html

HEADERS = {
    "Content-Security-Policy": "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self' ws: wss:; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
SCRIPT = """new MutationObserver((changes, observer) => {
  const keys = document.querySelector(".xterm-helper-textarea");
  if (keys) { keys.focus(); observer.disconnect(); }
}).observe(document, { childList: true, subtree: true });
"""
"""Keys go to the terminal from the start, without a click."""
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/static/css/xterm.css">
<script src="/page.js"></script>
<script src="/static/js/textual.js"></script>
<style>
@font-face {{ font-family: "Roboto Mono"; src: url("/static/fonts/RobotoMono-VariableFont_wght.ttf"); }}
html, body {{ margin: 0; height: 100%; background: #14181f; }}
body .textual-terminal {{ width: 100vw; height: 100vh; }}
#ended {{ display: none; position: fixed; inset: 0; z-index: 10; align-items: center; justify-content: center;
  background: #14181fe0; color: #e4e8ee; font: 18px system-ui, sans-serif; }}
#ended a {{ color: #7db0ff; margin-left: .6em; }}
body.-closed #ended {{ display: flex; }}
</style>
</head>
<body>
<div id="terminal" class="textual-terminal" data-session-websocket-url="{socket}" data-font-size="{size}"></div>
<div id="ended" role="alert">The app has ended. <a href="/">Start it again</a></div>
</body>
</html>
"""


def page_of(title: str, host: str, *, secure: bool, font_size: int = 16) -> str:
    """The page whose terminal speaks with the server at `host`, as the browser named it."""
    socket = f"{'wss' if secure else 'ws'}://{host}/ws"
    return _PAGE.format(title=html.escape(title), socket=html.escape(socket), size=font_size)
