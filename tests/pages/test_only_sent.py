"""What only takes forms answers a whole page to whoever opens its address: from the history, a bookmark, or by typing."""

from starlette.routing import Route

from console.web.routes import routes
from tests.support.town import Town


def only_sent() -> list[str]:
    """Addresses of people that take no GET, with something in the place of what they name."""
    known = [
        route for route in routes() if isinstance(route, Route) and not route.path.startswith(("/api/", "/uploads"))
    ]
    read = {route.path for route in known if "GET" in (route.methods or ())}
    paths = {route.path for route in known} - read
    return sorted(path.replace("{id:int}", "1").replace("{step}", "claim").replace("{ref}", "1") for path in paths)


def test_an_address_that_only_takes_forms_answers_a_page(sqlite_town: Town) -> None:
    town, urls = sqlite_town, only_sent()
    assert "/quiet" in urls and "/incidents/1/claim" in urls and len(urls) > 40
    for who, home in ((town.anyone, "/"), (town.ann, "/"), (town.hendra, "/console"), (town.dewi, "/admin")):
        for url in urls:
            answer = who.get(url, headers={"accept": "text/html"})
            assert answer.status_code == 405 and answer.text.startswith("<!doctype html"), url
            assert "Alamat ini hanya menerima kiriman" in answer.text and f'href="{home}"' in answer.text, url
