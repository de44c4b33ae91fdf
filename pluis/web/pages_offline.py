"""Pluis on the home screen of a phone, and what it shows when there is no line at all."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse, JSONResponse

from pluis.web import assets
from pluis.web.pages_shared import page
from pluis.web.problems import language_of
from pluis.web.texts import say

router = APIRouter()


@router.get("/offline")
def offline(request: Request) -> Response:
    """Kept by the browser: whom to phone, and what became of what was typed. Nothing about any family."""
    return page(request, "offline.html")


@router.get("/sw.js")
def worker() -> Response:
    """The script that keeps the offline page; it has to lie at the root to see every page."""
    headers = {"Cache-Control": "no-cache"}
    return FileResponse(assets.FOLDER / "js" / "sw.js", media_type="text/javascript", headers=headers)


@router.get("/manifest.webmanifest")
def manifest(request: Request) -> Response:
    """Name, colours and picture, for a phone that puts Pluis on its home screen."""
    language = language_of(request)
    icon = {"src": f"{assets.address()}/favicon.svg", "type": "image/svg+xml", "sizes": "any"}
    return JSONResponse(
        {
            "name": "Pluis", "short_name": "Pluis", "description": say("app_description", language), "lang": language,
            "id": "/", "start_url": "/", "scope": "/", "display": "standalone", "background_color": "#fbf7f1",
            "theme_color": "#fbf7f1", "icons": [icon | {"purpose": "any"}, icon | {"purpose": "maskable"}],
        },
        media_type="application/manifest+json",
    )  # fmt: skip
