"""What scripts that work beside a page may do: a worker obeys the policy that it is served with, and no page's."""

from wsgiref.headers import Headers

#: One that runs WebAssembly, and fetches that from this server; such code is loosened for it and for no page.
ENGINE = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'"
#: Any other: it has no network at all, so that what it reads cannot go anywhere.
READER = "default-src 'none'; script-src 'self'"


def add_policy(headers: Headers, path: str, url: str) -> None:
    """Sets the content security policy of a worker's script among an asset's headers."""
    if url.endswith("/engine-worker.js"):
        headers["Content-Security-Policy"] = ENGINE
    elif url.endswith("-worker.js"):
        headers["Content-Security-Policy"] = READER
