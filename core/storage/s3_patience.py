"""How long an S3 server that is ill is waited for: the numbers for boto3, and a pause after what came to nothing."""

import time
from typing import Any, Final

from botocore.exceptions import ConnectionError as NotConnected
from botocore.exceptions import EndpointConnectionError, HTTPClientError

#: Seconds. What waits is mostly a donor's request, and proxies and browsers give that up after a minute: four tries of
#: 10 seconds with pauses of up to 1, 2 and 4 between them are 47. urllib3 also sends under the first of the two, so the
#: 9 MiB of the largest single request need a line of 1 MiB/s.
CONNECT: Final = 10.0
READ: Final = 10.0
#: In all. Of answers such as 503 SlowDown, three are ridden out.
TRIES: Final = 4
#: Seconds for which a server that did not answer at all is not asked: what is to be cleaned up after a failure, and
#: whoever comes next, would otherwise wait as long once more.
LEFT_ALONE: Final = 5.0


class Patience:
    """Watches the clients of one server."""

    def __init__(self) -> None:
        self.away_until = 0.0

    def watch(self, client: Any) -> None:
        """From now on the client's calls fail at once while the server is left alone."""
        client.meta.events.register("before-call.s3", self._refuse)
        client.meta.events.register("after-call-error.s3", self._note)

    def _refuse(self, **_: Any) -> None:
        if time.monotonic() < self.away_until:
            raise EndpointConnectionError(endpoint_url="left alone")

    def _note(self, exception: Exception, **_: Any) -> None:
        """Every try has failed, and none was answered.

        HTTPClientError itself is none of the server's: botocore wraps in it what it does not know, such as what reading
        the bytes to send raised. The classes below it say what became of the line.
        """
        if isinstance(exception, HTTPClientError | NotConnected) and type(exception) is not HTTPClientError:
            self.away_until = time.monotonic() + LEFT_ALONE
