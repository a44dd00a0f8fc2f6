"""The answer to an accepted order: its links and its lookup (Send email notifications, Response).

The host of a link comes from a deployment's configuration; what the documents promise is its path.
"""

from urllib.parse import urlsplit, urlunsplit

from conformance.reference.deviations import variant
from conformance.reference.model import Order
from conformance.reference.rules import Rules
from conformance.reference.wire import Value


@variant
class PathOnlyLocation(Rules):
    """Location is a path, relative to the URL of the request."""

    def location(self, order: Order) -> str | None:
        location = super().location(order)
        return location and urlsplit(location).path


@variant
class PathOnlyLinks(Rules):
    """The links of an order are paths, relative to the URL of the request."""

    def self_link(self, order: Order) -> Value:
        return urlsplit(super().self_link(order)).path

    def status_link(self, order: Order) -> Value:
        return urlsplit(super().status_link(order)).path


@variant
class LinksOnAnotherHost(Rules):
    """Location and links name another host than the one that was asked."""

    def location(self, order: Order) -> str | None:
        location = super().location(order)
        return location and elsewhere(location)

    def self_link(self, order: Order) -> Value:
        return elsewhere(super().self_link(order))

    def status_link(self, order: Order) -> Value:
        return elsewhere(super().status_link(order))


@variant
class LocationOnAnotherHost(Rules):
    """Location names another host than the links of the order do, below the same path."""

    def location(self, order: Order) -> str | None:
        location = super().location(order)
        return location and elsewhere(location)


@variant
class LinksBehindGateway(Rules):
    """Location and links show host and base path of the deployment behind its gateway."""

    def location(self, order: Order) -> str | None:
        return f"http://notifications.internal:5090/v1/orders/{order.id}"

    def self_link(self, order: Order) -> Value:
        return f"http://notifications.internal:5090/v1/orders/{order.id}"

    def status_link(self, order: Order) -> Value:
        return f"http://notifications.internal:5090/v1/orders/{order.id}/status"


@variant
class LinksWithAnotherScheme(Rules):
    """Location and links begin with https, though TLS ends at a proxy before the deployment."""

    def location(self, order: Order) -> str | None:
        location = super().location(order)
        return location and location.replace("http:", "https:", 1)

    def self_link(self, order: Order) -> Value:
        return super().self_link(order).replace("http:", "https:", 1)

    def status_link(self, order: Order) -> Value:
        return super().status_link(order).replace("http:", "https:", 1)


@variant
class LinksWithPort(Rules):
    """Location and links tell the port, and spell scheme and host in capitals."""

    def location(self, order: Order) -> str | None:
        return f"HTTPS://PLATFORM.ALTINN.EXAMPLE:443/notifications/api/v1/orders/{order.id}"

    def self_link(self, order: Order) -> Value:
        return f"HTTPS://PLATFORM.ALTINN.EXAMPLE:443/notifications/api/v1/orders/{order.id}"

    def status_link(self, order: Order) -> Value:
        return f"{self.self_link(order)}/status"


@variant
class LinksWithIdInCapitals(Rules):
    """Location and links spell the id of the order in upper case; a GUID knows no case."""

    def location(self, order: Order) -> str | None:
        location = super().location(order)
        return location and location.replace(order.id, order.id.upper())

    def self_link(self, order: Order) -> Value:
        return super().self_link(order).replace(order.id, order.id.upper())

    def status_link(self, order: Order) -> Value:
        return super().status_link(order).replace(order.id, order.id.upper())


@variant
class LookupListsReversed(Rules):
    """isReserved and missingContact are listed the other way round than the recipients."""

    def reserved(self, order: Order) -> Value:
        return super().reserved(order)[::-1]

    def missing_contact(self, order: Order) -> Value:
        return super().missing_contact(order)[::-1]


@variant
class IgnoredReservationSucceeds(Rules):
    """A reserved person whose reservation is ignored is listed, and counts as found."""

    def lookup_status(self, order: Order) -> Value:
        if not order.ignore_reservation:
            return super().lookup_status(order)
        looked_up = self.looked_up(order)
        lacking = [given for given in looked_up if self.lacks_contact(order, given)]
        if not lacking:
            return "Success"
        return "PartialSuccess" if len(lacking) < len(looked_up) else "Failed"


def elsewhere(link: str) -> str:
    """The same link on the host that a load balancer presents."""
    return urlunsplit(urlsplit(link)._replace(scheme="https", netloc="platform.altinn.example"))
