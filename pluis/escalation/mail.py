"""Mail. Apprise reads the address of the server; the message is sent here, so that its Message-ID is ours."""

import smtplib
import ssl
from contextlib import suppress
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, formataddr

from pluis.escalation.refusals import NotNow, Refused

TIMEOUT = 8.0


def send_mail(address: str, key: str, title: str, body: str) -> None:
    """Send by the server in `address`, as mailto://user:password@server:port?from=…&to=… (mailtos: encrypted).

    Raises NotNow or Refused. Only an answer about this message or this person refuses for good; trouble with the
    server passes.
    """
    import apprise
    from apprise.plugins.email import NotifyEmail

    service = apprise.Apprise.instantiate(address)
    if not isinstance(service, NotifyEmail) or not service.targets:
        raise Refused("settings", "the address of the mail server, or of this person, cannot be used")
    message = EmailMessage()
    name, sender = (str(part or "") for part in service.from_addr)
    message["From"] = formataddr((name or "Pluis", sender))
    message["To"] = ", ".join(to for _name, to in service.targets)
    message["Subject"] = title
    message["Message-ID"] = f"<{key}@{sender.rpartition('@')[2]}>"
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body)
    try:
        server = _connect(service.smtp_host, service.port or 0, service.secure_mode or "", service.verify_certificate)
        try:
            if service.user and service.password:
                server.login(service.user, service.password)
            server.send_message(message)
        finally:
            # It was accepted or refused by now: what happens to the goodbye changes nothing.
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
            server.close()
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _text in error.recipients.values()]
        raise _refusal("address", min(codes), "the address was refused") from None
    except (smtplib.SMTPDataError, smtplib.SMTPSenderRefused) as error:
        raise _refusal("message", error.smtp_code, "the message was refused") from None
    except smtplib.SMTPAuthenticationError as error:
        raise NotNow("login", f"the mail server did not accept user and password ({error.smtp_code})") from None
    except smtplib.SMTPResponseException as error:
        raise NotNow("theirs", f"the mail server answered {error.smtp_code}") from None
    except (smtplib.SMTPException, OSError) as error:
        # smtplib makes its own error of a time-out, and of that the cause is left.
        slow = isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError)
        said = f"the mail server could not be used ({type(error).__name__})"
        raise NotNow("slow" if slow else "away", said) from None


def _refusal(kind: str, code: int, what: str) -> Exception:
    said = f"{what} ({code})"
    return Refused(kind, said) if code >= 500 else NotNow("later", said)


def _connect(host: str, port: int, secure: str, verify: bool) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if not verify:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    if secure == "ssl":
        return smtplib.SMTP_SSL(host, port, timeout=TIMEOUT, context=context)
    server = smtplib.SMTP(host, port, timeout=TIMEOUT)
    if secure == "starttls":
        server.starttls(context=context)
    return server
