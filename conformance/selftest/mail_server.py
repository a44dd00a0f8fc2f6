"""A mail server for self-tests: what it is handed by SMTP can be read by IMAP."""

from __future__ import annotations

import asyncio
import ssl
import threading
from argparse import Namespace
from asyncio import StreamReader, StreamWriter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from aiosmtpd.smtp import SMTP, Envelope
from proxyprotocol.reader import ProxyProtocolReader
from pymap.backend.dict import DictBackend
from pymap.imap import IMAPServer
from pymap.parsing.message import AppendMessage
from pysasl.hashing import Cleartext

HOST = "127.0.0.1"
USER = "reader"
PASSWORD = 'pass "word"'


@dataclass(frozen=True)
class MailServer:
    """Where it listens, and the account whose INBOX takes all mail; ``hang_up`` ends IMAP calls."""

    smtp: str
    imap_port: int
    hang_up: Callable[[], None]
    user: str = USER
    password: str = PASSWORD

    @property
    def imap(self) -> str:
        """The URL of a server without TLS."""
        return f"imap://{HOST}:{self.imap_port}"


class Delivery:
    """Puts what the SMTP server takes into the INBOX, once for each recipient."""

    def __init__(self, backend: DictBackend) -> None:
        self._account = backend.login.demo_user_identity

    async def handle_DATA(self, _server: object, _session: object, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        async with self._account.new_session() as session:
            inbox = await session.mailbox_set.get_mailbox("INBOX")
            for address in envelope.rcpt_tos:
                received = f"Delivered-To: {address}\r\n".encode() + envelope.content
                await inbox.append(AppendMessage(received, datetime.now(UTC), frozenset()))
        return "250 OK"


@contextmanager
def mail_server(
    tls: ssl.SSLContext | None = None, starttls: ssl.SSLContext | None = None
) -> Iterator[MailServer]:
    """Serve until the end of the block; IMAP with TLS, STARTTLS before the login, or neither."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    writers: list[StreamWriter] = []

    def hang_up() -> None:
        for writer in writers:
            loop.call_soon_threadsafe(writer.transport.abort)

    starting = asyncio.run_coroutine_threadsafe(_start(writers, tls, starttls), loop)
    servers = starting.result(10)
    smtp, imap = (server.sockets[0].getsockname()[1] for server in servers)
    try:
        yield MailServer(f"{HOST}:{smtp}", imap, hang_up)
    finally:
        hang_up()
        asyncio.run_coroutine_threadsafe(_stop(servers), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def _start(
    writers: list[StreamWriter], tls: ssl.SSLContext | None, starttls: ssl.SSLContext | None
) -> tuple[asyncio.Server, asyncio.Server]:
    arguments = Namespace(
        host=None, port=0, debug=False, cert=None, key=None, tls=bool(starttls),
        proxy_protocol=None, passlib_cfg=None,
        demo_data=False, demo_user=USER, demo_password=PASSWORD,
    )  # fmt: skip
    backend, config = await DictBackend.init(
        arguments, ssl_context=starttls, hash_context=Cleartext()
    )
    config.apply_context()
    imap = ProxyProtocolReader(config.proxy_protocol).get_callback(
        IMAPServer(backend.login, config)
    )

    async def answer(reader: StreamReader, writer: StreamWriter) -> None:
        writers.append(writer)
        await imap(reader, writer)

    loop = asyncio.get_running_loop()
    delivery = Delivery(backend)
    return (
        await loop.create_server(lambda: SMTP(delivery, hostname=HOST, loop=loop), HOST, 0),
        await asyncio.start_server(answer, HOST, 0, ssl=tls),
    )


async def _stop(servers: tuple[asyncio.Server, ...]) -> None:
    for server in servers:
        server.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
