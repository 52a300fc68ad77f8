"""An example: a notice board that takes `POST /notices`, answers `GET /notices?key=` and forgets by `DELETE /notices/ID`."""

import json
from collections.abc import Mapping

from syndicate.channels import settings
from syndicate.channels.calls import Answer, exchange, parse_object, plain_client, reply_text
from syndicate.channels.codes import outcome_of
from syndicate.channels.extension import status_message
from syndicate.errors import SyndicateError
from syndicate.model import delivery
from syndicate.model.channel import Channel
from syndicate.model.delivery import Action, FindResult, Job, Outcome, Receipt, Step, StepResult
from syndicate.model.hands import Hands


class NoticeBoardDriver:
    """One notice board."""

    actions = frozenset({Action.PUBLISH, Action.RETRACT})  # a correction becomes a task for a person
    careful = False

    def __init__(self, channel: Channel, hands: Hands) -> None:
        self._channel, self._hands, self._http = channel, hands, plain_client()

    def next_step(self, job: Job) -> Step:
        """Forgetting twice does no harm; posting twice does."""
        return Step("forget", True) if job.action is Action.RETRACT else Step("post", False)

    def perform(self, step: Step, job: Job) -> StepResult:
        """At most one call. What it brought is decided in `_outcome`, and nowhere else."""
        try:
            if step.name == "forget":
                answer = self._call("DELETE", f"/notices/{job.held[0].remote_id}")
            else:
                fields = job.rendition.fields
                notice = {"key": job.key, "title": fields["title"], "text": fields["text"], "hall": self._hall()}
                answer = self._call("POST", "/notices", notice)
        except SyndicateError as error:  # not reached, no answer, no secret
            return StepResult(outcome_of(error, step, "notice-board", job.now), job.notes)
        kept = reply_text(answer.body, [self._token()])
        return StepResult(self._outcome(step, job, answer), job.notes, str(answer.status), kept)

    def _outcome(self, step: Step, job: Job, answer: Answer) -> Outcome:
        number = str((parse_object(answer.body) or {}).get("id", ""))
        why = status_message(self._channel, answer.status)
        match answer.status:
            case 201 if number:
                return delivery.Delivered(self._receipt(job, number))
            case 204 | 404 if step.name == "forget":
                return delivery.Delivered(job.held[0])
            case 429:
                return delivery.TryLater(why)  # when is the ladder's business
            case 401 | 403:
                return delivery.NeedsPerson(why, nothing_out=True)
            case 400 | 413 | 422:
                return delivery.Refused(why)
        return delivery.Unsure(why)  # it may have happened: `find` looks before anything is sent again

    def find(self, step: Step, job: Job) -> FindResult:
        """The board knows our key, so that absence is proof."""
        try:
            answer = self._call("GET", f"/notices?key={job.key}")
        except SyndicateError as error:
            return FindResult(delivery.CannotTell(error.message), job.notes)
        number = str((parse_object(answer.body) or {}).get("id", ""))
        if answer.status == 200 and number:
            return FindResult(delivery.Found(self._receipt(job, number)), job.notes)
        if answer.status == 404:
            return FindResult(delivery.Absent(), job.notes)
        return FindResult(delivery.CannotTell(status_message(self._channel, answer.status)), job.notes)

    def read_back(self, receipt: Receipt, job: Job) -> delivery.Proof | None:
        """Nobody but the board can read it."""
        return None

    def close(self) -> None:
        """Give the connection back."""
        self._http.close()

    def _call(self, method: str, path: str, notice: Mapping[str, object] | None = None) -> Answer:
        headers = {"Authorization": f"Bearer {self._token()}", "Content-Type": "application/json"}
        content = json.dumps(notice).encode() if notice else b""
        request = self._http.build_request(method, self._channel.base_url + path, content=content, headers=headers)
        return exchange(self._http, request, self._channel.title, self._channel.ladder.timeout.total_seconds())

    def _token(self) -> str:
        return settings.secret(self._channel, self._hands, "token")

    def _hall(self) -> str:
        options = self._channel.settings.get("options")
        return str(options.get("hall", "")) if isinstance(options, Mapping) else ""

    def _receipt(self, job: Job, number: str) -> Receipt:
        return Receipt(number, f"{self._channel.base_url}/notices/{number}", job.now)
