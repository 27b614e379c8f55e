"""The mail server: one connection for several mails, and what its answers mean."""

import smtplib
import ssl
from contextlib import suppress
from enum import StrEnum
from urllib.parse import urlsplit

from discovery.errors import DiscoveryError
from discovery.mappings import Settings

TIMEOUT_SECONDS = 30.0
"""For each answer of the server."""
PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}


class Delivery(StrEnum):
    """ACCEPTED: the server took it. BOUNCED: there is no such mailbox. REFUSED: it does not take this mail now."""

    ACCEPTED = "accepted"
    BOUNCED = "bounced"
    REFUSED = "refused"


class MailServerAway(DiscoveryError):
    """No mail can be sent for now: the server can't be reached, or lets us not in. The message says which."""


class MailServer:
    """Connects with the first mail; to be closed. Not shared by threads."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._connection: smtplib.SMTP | None = None

    def close(self) -> None:
        """End the connection, if there is one."""
        if self._connection is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._connection.quit()
            self._connection = None

    def send(self, to: str, message: bytes) -> Delivery:
        """Hand a mail over. Raises MailServerAway when the server did not answer: then it may have taken it, in rare
        cases."""
        connection = self._connected()
        try:
            connection.sendmail(self._settings.alerts_from, [to], message)
        except smtplib.SMTPRecipientsRefused as error:
            code, _ = error.recipients[to]
            return Delivery.BOUNCED if 500 <= code < 600 else Delivery.REFUSED
        except (smtplib.SMTPDataError, smtplib.SMTPHeloError) as error:
            if error.smtp_code == 421:
                self.close()
            return Delivery.REFUSED
        except smtplib.SMTPSenderRefused as error:
            self.close()
            raise self._away(f"does not take mails from {self._settings.alerts_from}", error) from None
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise self._away("ended the connection", error) from None
        return Delivery.ACCEPTED

    def _connected(self) -> smtplib.SMTP:
        if self._connection is None:
            try:
                self._connection = self._connect()
            except (smtplib.SMTPException, OSError) as error:
                raise self._away("can't be reached", error) from None
        return self._connection

    def _connect(self) -> smtplib.SMTP:
        address = urlsplit(self._settings.smtp)
        host, port = address.hostname or "", address.port or PORTS[address.scheme]
        connection: smtplib.SMTP
        if address.scheme == "smtps":
            trusted = ssl.create_default_context()
            connection = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_SECONDS, context=trusted)
        else:
            connection = smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
        try:
            if address.scheme == "smtp+starttls":
                connection.starttls(context=ssl.create_default_context())
            if self._settings.smtp_user:
                connection.login(self._settings.smtp_user, self._settings.smtp_password)
        except BaseException:
            connection.close()
            raise
        return connection

    def _away(self, what: str, error: Exception) -> MailServerAway:
        """Without the server's own words where they may repeat an address."""
        code = getattr(error, "smtp_code", "")
        why = (
            f"answered {code}" if code else type(error).__name__ if isinstance(error, smtplib.SMTPException) else error
        )
        return MailServerAway(f"the mail server ({self._settings.smtp}) {what}: {why}")
