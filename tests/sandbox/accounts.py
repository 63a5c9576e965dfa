"""Somebody with an account at Pulse or Unsiloed, who asks the sandbox within the process."""

from dataclasses import dataclass
from typing import Any

from tests.sandbox.asking import Answer, Caller


@dataclass(frozen=True)
class Account:
    """One key of one system, sent in one header; ``part`` is empty for somebody without a key."""

    caller: Caller
    system: str
    header: str
    part: str = "company"

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, headers=headers)

    def delete(self, path: str, **headers: str) -> Answer:
        return self.ask("DELETE", path, headers=headers)

    def ask(self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> Answer:
        key = (
            {}
            if not self.part
            else {self.header: self.caller.sandbox.job_keys[self.system][self.part].secret}
        )
        return self.caller.ask(method, f"/{self.system}{path}", body, key | (headers or {}))

    def job(self, **fields: object) -> str:
        """A new job of the company's account; its id."""
        made = self.caller.post("/sandbox/jobs", {"system": self.system, **fields})
        assert made.status == 201, made.body
        return str(made.json["data"]["id"])

    def change(self, job_id: str, **fields: object) -> None:
        """Move a job by hand."""
        assert self.caller.post(f"/sandbox/jobs/{job_id}", fields).status == 200

    def switch(self, **positions: object) -> None:
        """Let the system answer in another way."""
        assert self.caller.post("/sandbox/switches", positions).status == 200

    def notices(self) -> list[dict[str, Any]]:
        """What went to webhooks and mailboxes."""
        found: list[dict[str, Any]] = self.caller.get("/sandbox/notices").json["data"]
        return found
