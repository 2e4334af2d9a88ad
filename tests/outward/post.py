"""A real mail server (Debian's aiosmtpd) that a test commands: implicit TLS on one port, STARTTLS on another, no mail
without TLS and sign-in. Letters land in HOME/letters; the file HOME/post.mode says how the next ones are answered.
   python3 post.py HOME TLS_PORT STARTTLS_PORT PLAIN_PORT      the last one offers neither TLS nor sign-in
"""
import asyncio
import pathlib
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

home = pathlib.Path(sys.argv[1])
letters = home / "letters"
letters.mkdir(exist_ok=True)
count = 0


def mode():
    file = home / "post.mode"
    return file.read_text().strip() if file.exists() else "take"


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        (home / "post.seen").open("a").write(f"rcpt {address} tls={session.ssl is not None or server.transport.get_extra_info('ssl_object') is not None}\n")
        if mode() == "later":
            return "450 4.2.1 try later"
        if mode() == "refuse":
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        global count
        if mode() == "refuse-letter":
            return "554 5.6.0 not acceptable"
        count += 1
        (letters / f"{count:03}.part").write_bytes(envelope.original_content)
        (letters / f"{count:03}.part").rename(letters / f"{count:03}.eml")
        return "250 OK"


def sign_in(server, session, envelope, mechanism, data):
    good = data.login == b"passerelle" and data.password == (home / "post.password").read_bytes().strip()
    (home / "post.seen").open("a").write(f"auth {mechanism} {'good' if good else 'bad'}\n")
    return AuthResult(success=good, handled=good)


async def serve():
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(home / "cert.pem", home / "key.pem")
    loop = asyncio.get_running_loop()
    ours = dict(authenticator=sign_in, auth_required=True, hostname="localhost")
    tls, starttls, plain = (int(port) for port in sys.argv[2:5])
    await loop.create_server(lambda: SMTP(Handler(), auth_require_tls=False, **ours), "127.0.0.1", tls, ssl=context)
    await loop.create_server(lambda: SMTP(Handler(), tls_context=context, require_starttls=True, **ours), "127.0.0.1", starttls)
    await loop.create_server(lambda: SMTP(Handler(), hostname="localhost"), "127.0.0.1", plain)
    (home / "post.ready").write_text("ready\n")
    await asyncio.Event().wait()


asyncio.run(serve())
