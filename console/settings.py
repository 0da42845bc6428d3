"""Every setting, read from the environment once."""

from functools import cached_property
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from console.server.key_file import secret_of
from models.record.chain import WrongKey

HERE = Path(__file__).parent.parent
LOOPBACK = ("127.0.0.1", "::1", "localhost")
LEAST_SECRET = 16  # letters of SIAGA_SECRET_KEY, and of SIAGA_METRICS_TOKEN
MOVED = "moved-to.txt"  # beside a SQLite file whose data lies in PostgreSQL now
A_DAY = 86_400  # seconds: longer than anything waits untold
LOG = "log"  # the channel of development


class WrongSettings(Exception):
    """The server must not start like this; the message names the mend."""


class Settings(BaseSettings):
    """Each is the environment variable SIAGA_<NAME>."""

    model_config = SettingsConfigDict(env_prefix="SIAGA_", frozen=True, extra="ignore")

    def __init__(self, **given: Any):
        """Raises WrongSettings for what is not of its kind."""
        try:
            super().__init__(**given)
        except ValidationError as error:
            wrong = error.errors(include_url=False)[0]
            name = str(wrong["loc"][0]).upper()
            raise WrongSettings(f"SIAGA_{name} is {wrong['input']!r}: {wrong['msg'].lower()}.") from None

    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, description="Port to listen on.")
    data_dir: Path = Field(HERE / "var", description="Where the database, the evidence and the keys lie.")
    seed: str = Field(
        "", description="The folder of the city that is served; empty: what `admin seed` took, else Medan."
    )
    database_url: str = Field("", description="postgresql://…; empty: a SQLite file in the data folder.")
    redis_url: str = Field("", description="redis://… or unix://…; empty: the embedded server.")
    secret_key: str = Field("", description="Seals the audit chain; empty: made at the first start, mode 600.")
    public_url: str = Field("", description="How people reach this server, when a proxy stands before it.")
    proxy: str = Field("", description="Exact address of that proxy; only its forwarded headers are believed.")
    tls_cert: str = Field("", description="Certificate file, PEM.")
    tls_key: str = Field("", description="Key file of the certificate, PEM.")
    map_tiles: str = Field("", description="Tile URL with {z}/{x}/{y}; empty: the built-in map.")
    map_pmtiles: str = Field("", description="A PMTiles file to draw streets from.")
    geocoder_url: str = Field("", description="A Nominatim server for what the gazetteer does not know.")
    notify: str = Field(
        LOG,
        description="Channel for messages to phones: an apprise URL with {phone}; log: here in development, nowhere else.",
    )
    messages_a_day: int = Field(
        5000, description="Messages to phone numbers in a day; beyond them no code is sent, and reports go on."
    )
    ladder: str = Field(
        "45 60 180, 120 180 360, 900 0 0, 0 0 0",
        description="Of P1 to P4, seconds unclaimed until the supervisor's desk, the supervisor's phone, the command's; 0: never.",
    )
    flood_line: int = Field(
        10,
        description="New incidents in ten minutes; beyond them likely duplicates are one sound, and the desk says who may share.",
    )
    deaf_seconds: int = Field(
        30, description="Without any console that listens, until the house tells the supervisor's phone; 0: never."
    )
    duty_phone: str = Field("", description="The command's duty phone, the ladder's last rung; empty: nobody has it.")
    strike_days: int = Field(365, description="Days after which a strike counts no more.")
    push_hosts: str = Field(
        "", description="More push services that may be called, by host name, with commas between them."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="What is said in the log.")
    log_format: Literal["text", "json"] = Field("text", description="A line for people, or an object for machines.")
    metrics_token: str = Field("", description="Who brings it may read /metrics; empty: nobody.")
    workers: int = Field(1, description="Server processes; more than one needs PostgreSQL.")
    command: str = Field(
        "", description="The name of this command, as people read it; empty: as the city's folder has it."
    )
    zone: str = Field("", description="Time zone of screens, paper, numbers, days and the night; empty: the city's.")
    connections_per_address: int = Field(
        400, description="Open connections from one address (carrier NAT: be generous)."
    )
    demo: bool = Field(False, description="Set by ./run.sh demo: the banner DEMO, loopback only.")

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.data_dir / 'siaga.db'}"

    @property
    def origin(self) -> str:
        """How people reach us, spelt as a browser spells it."""
        if self.public_url:
            url = urlsplit(self.public_url)
            usual = f":{443 if url.scheme == 'https' else 80}"
            return f"{url.scheme}://{url.netloc.lower().removesuffix(usual)}"
        return f"{'https' if self.tls_cert else 'http'}://{self.host}:{self.port}"

    @property
    def rungs(self) -> dict[int, tuple[int, int, int]]:
        """Of the ladder, by priority. Raises ValueError for what is not three numbers for each of four."""
        first, second, third, fourth = (_rungs(words) for words in self.ladder.split(","))
        return {1: first, 2: second, 3: third, 4: fourth}

    @property
    def push_hosts_named(self) -> tuple[str, ...]:
        return tuple(filter(None, (host.strip() for host in self.push_hosts.split(","))))

    @property
    def secure(self) -> bool:
        return self.origin.startswith("https://")

    @property
    def mute(self) -> bool:
        """A real server's log is no place for people's codes: without a channel no message is made at all."""
        return self.notify == LOG and self.secure and not self.demo

    @cached_property
    def key(self) -> bytes:
        """The secret that seals the record. Raises WrongKey for one that anybody could guess."""
        if not self.secret_key:
            return secret_of(self.data_dir)
        if len(self.secret_key) < LEAST_SECRET:
            raise WrongKey(f"SIAGA_SECRET_KEY is too short: {LEAST_SECRET} letters at least, and nobody's words.")
        return self.secret_key.encode()


def _rungs(words: str) -> tuple[int, int, int]:
    desk, lead, command = (int(word) for word in words.split())
    said = [s for s in (desk, lead, command) if s]
    if said != sorted(set(said)) or min(desk, lead, command) < 0 or max(said, default=0) > A_DAY:
        raise ValueError(words)
    return desk, lead, command
