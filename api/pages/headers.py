"""What a page tells the browser about itself: nothing from elsewhere, nothing inline, in nobody's frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def page_headers(form_targets: Iterable[str] = ()) -> Mapping[str, str]:
    """Return the headers of a page.

    `form_targets` are origins that a form's answer may redirect to: Chromium holds `form-action` against the whole
    chain of redirects, so that a form before the way back to a client has to name the client.
    """
    policy = (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        " ".join(("form-action 'self'", *form_targets)),
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        # The one policy of `static/inplace.js`, which makes documents of our own pages and no scripts.
        "trusted-types lineproof",
    )
    return {
        "Content-Security-Policy": "; ".join(policy),
        "X-Frame-Options": "DENY",
        # Not `no-referrer`: the browser would then send `Origin: null` with our own forms (Fetch §3.2).
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), otp-credentials=(self)",
        "Vary": "Accept-Language, Cookie",
        "Cache-Control": "no-store",
    }
