"""A referral by its link, for a partner where nobody signs in: what its level shows, and one answer. Reading writes nothing."""

from typing import Any

from sqlmodel import Session
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from console.door.viewer import hash_of, locale_of
from console.pages.words import say
from console.state import Request
from console.web.door.knock import where
from console.web.forms import Form, read
from console.web.showing import shown
from models.errors import WrongMoment, WrongValue
from models.incidents.linking import Stands, answer_by_link, linked
from models.incidents.sharing import shared

KEPT = "kept"  # after one's own answer: the page says that it stands
LATE = "late"  # after one that came when it was over: that it was not kept
AN_HOUR = 120  # pages and answers to one address: a gateway of a phone company stands for many, a guesser for nobody


class Answer(Form):
    answer: str = ""
    note: str = ""


async def show(request: Request) -> Response:
    await request.state.limits.within("link", where(request).address, AN_HOUR)
    return await _page(request, Answer())


async def answer(request: Request) -> Response:
    await request.state.limits.within("link", where(request).address, AN_HOUR)
    said = await read(request, Answer)
    try:
        await request.state.writer.run(answer_by_link, _hash(request), said.answer, said.note)
    except WrongValue as fault:
        return await _page(request, said, fault)
    except WrongMoment:
        return RedirectResponse(f"{request.url.path}?{LATE}", 303)  # somebody was faster, or it is over
    return RedirectResponse(f"{request.url.path}?{KEPT}", 303)


def _hash(request: Request) -> str:
    return hash_of(request.path_params["token"])


async def _page(request: Request, said: Answer, fault: WrongValue | None = None) -> Response:
    errors = {fault.field: say(locale_of(request), fault.sentence, fault.values)} if fault else {}
    stands, _, _ = await request.state.read(linked, _hash(request))

    def load(session: Session) -> dict[str, Any]:
        stands, referral, incident = linked(session, _hash(request))
        if stands is not Stands.OPEN:
            return {"stands": stands}
        share = shared(incident, referral)
        words = [complaint.words for complaint in incident.complaints] if share.words else []
        hidden = incident.photos + incident.videos if share.words else 0
        return {
            "stands": stands, "referral": referral, "incident": incident, "agency": referral.agency, "share": share,
            "words": words, "hidden": hidden,
        }  # fmt: skip

    status = 422 if fault else 200 if stands is Stands.OPEN else 410
    return await shown(
        request,
        "pages/link.html",
        load,
        status,
        typed=said,
        errors=errors,
        here=request.url.path,
        kept=KEPT in request.query_params,
        late=LATE in request.query_params,
    )


routes = [Route("/r/{token}", show), Route("/r/{token}", answer, methods=["POST"])]
