"""The tree of certificate policies along a path (RFC 5280 sections 6.1.2 to 6.1.5)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.x509.oid import ObjectIdentifier

from intake.certificates.tlv import read_fields, read_tlv

ANY_POLICY = "2.5.29.32.0"
POLICY_MAPPINGS = ObjectIdentifier("2.5.29.33")


@dataclass(eq=False)
class _Node:
    policy: str
    expected: set[str]
    parent: "_Node | None" = None
    children: list["_Node"] = field(default_factory=list["_Node"])

    def grow(self, policy: str, expected: Iterable[str] = ()) -> "_Node":
        child = _Node(policy, set(expected) or {policy}, self)
        self.children.append(child)
        return child


@dataclass(frozen=True)
class PolicyRules:
    """Where a verifier begins: the policies it takes and whether one of them must remain."""

    accepted: frozenset[str] = frozenset({ANY_POLICY})
    explicit: bool = False


class PolicyTree:
    """Follows the certificates of a path from the one below the anchor to the leaf."""

    def __init__(self, length: int, rules: PolicyRules) -> None:
        self._root: _Node | None = _Node(ANY_POLICY, {ANY_POLICY})
        self._level: list[_Node] = [self._root]
        self._rules = rules
        self._explicit = 0 if rules.explicit else length + 1
        self._mapping = self._any = length + 1

    def take(self, certificate: x509.Certificate, *, self_issued: bool, final: bool) -> bool:
        """One more certificate; False when an explicit policy was wanted and none remains."""
        stated = _stated(certificate)
        if stated is None:
            self._root = None
        if self._root is not None and stated is not None:
            takes_any = self._any > 0 or (self_issued and not final)
            self._grow(stated, takes_any=takes_any)
        return self._explicit > 0 or self._root is not None

    def prepare(self, authority: x509.Certificate, *, self_issued: bool) -> bool:
        """What the authority says about the certificates below it; False when it must not."""
        mappings = _mappings(authority)
        if mappings is None or ANY_POLICY in mappings or _maps_to_any(mappings):
            return False
        self._map(mappings)
        if not self_issued:
            self._explicit = max(0, self._explicit - 1)
            self._mapping = max(0, self._mapping - 1)
            self._any = max(0, self._any - 1)
        constraints = _constraints(authority)
        if constraints is not None:
            if constraints.require_explicit_policy is not None:
                self._explicit = min(self._explicit, constraints.require_explicit_policy)
            if constraints.inhibit_policy_mapping is not None:
                self._mapping = min(self._mapping, constraints.inhibit_policy_mapping)
        self._any = min(self._any, _inhibit_any(authority, self._any))
        return True

    def finish(self, leaf: x509.Certificate) -> bool:
        """Whether a policy remains that the verifier takes, or none is needed."""
        self._explicit = max(0, self._explicit - 1)
        constraints = _constraints(leaf)
        if constraints is not None and constraints.require_explicit_policy == 0:
            self._explicit = 0
        if ANY_POLICY not in self._rules.accepted:
            self._keep_accepted()
        return self._explicit > 0 or self._root is not None

    def _grow(self, stated: frozenset[str], *, takes_any: bool) -> None:
        parents, self._level = self._level, []
        for policy in sorted(stated - {ANY_POLICY}):
            matching = [parent for parent in parents if policy in parent.expected]
            matching = matching or [one for one in parents if one.policy == ANY_POLICY]
            self._level += [parent.grow(policy) for parent in matching]
        if ANY_POLICY in stated and takes_any:
            for parent in parents:
                missing = parent.expected - {child.policy for child in parent.children}
                self._level += [parent.grow(policy) for policy in sorted(missing)]
        self._prune(parents)

    def _map(self, mappings: Mapping[str, frozenset[str]]) -> None:
        if self._root is None:
            return
        parents = [node.parent for node in self._level if node.parent is not None]
        for policy, to in mappings.items():
            ours = [node for node in self._level if node.policy == policy]
            if self._mapping == 0:
                self._remove(ours)
            elif ours:
                for node in ours:
                    node.expected = set(to)
            else:
                wild = next((node for node in self._level if node.policy == ANY_POLICY), None)
                if wild is not None and wild.parent is not None:
                    self._level.append(wild.parent.grow(policy, to))
        self._prune(parents)

    def _keep_accepted(self) -> None:
        if self._root is None:
            return
        accepted, path = self._rules.accepted, list[_Node]()
        nodes = [self._root]
        while nodes:
            node = nodes.pop()
            path.append(node)
            nodes += node.children
        first = [one for one in path if one.parent is not None and one.parent.policy == ANY_POLICY]
        self._root_out([one for one in first if one.policy not in accepted | {ANY_POLICY}])
        wild = [one for one in self._level if one.policy == ANY_POLICY and one.parent is not None]
        for one in wild:
            named = {node.policy for node in first}
            assert one.parent is not None
            self._level += [one.parent.grow(policy) for policy in sorted(accepted - named)]
        self._remove(wild)
        self._prune([one.parent for one in first if one.parent is not None])

    def _root_out(self, nodes: Iterable[_Node]) -> None:
        """Remove nodes with everything below them."""
        for node in nodes:
            below = [node]
            while below:
                one = below.pop()
                below += one.children
                if one in self._level:
                    self._level.remove(one)
            if node.parent is not None:
                node.parent.children.remove(node)

    def _remove(self, nodes: Iterable[_Node]) -> None:
        for node in list(nodes):
            self._level.remove(node)
            if node.parent is not None:
                node.parent.children.remove(node)

    def _prune(self, nodes: Iterable[_Node]) -> None:
        """Remove nodes above the lowest level that lead nowhere, up to the root."""
        for start in nodes:
            node: _Node | None = start
            while node is not None and not node.children and node not in self._level:
                parent = node.parent
                if parent is None:
                    self._root = None
                elif node in parent.children:
                    parent.children.remove(node)
                node = parent


def _stated(certificate: x509.Certificate) -> frozenset[str] | None:
    try:
        found = certificate.extensions.get_extension_for_class(x509.CertificatePolicies).value
    except x509.ExtensionNotFound:
        return None
    return frozenset(info.policy_identifier.dotted_string for info in found)


def _constraints(certificate: x509.Certificate) -> x509.PolicyConstraints | None:
    try:
        return certificate.extensions.get_extension_for_class(x509.PolicyConstraints).value
    except x509.ExtensionNotFound:
        return None


def _inhibit_any(certificate: x509.Certificate, otherwise: int) -> int:
    try:
        found = certificate.extensions.get_extension_for_class(x509.InhibitAnyPolicy).value
    except x509.ExtensionNotFound:
        return otherwise
    return found.skip_certs


def _mappings(certificate: x509.Certificate) -> Mapping[str, frozenset[str]] | None:
    """Issuer's policy to the subject's; empty without the extension, None when unreadable."""
    try:
        extension = certificate.extensions.get_extension_for_oid(POLICY_MAPPINGS)
    except x509.ExtensionNotFound:
        return {}
    if not isinstance(extension.value, x509.UnrecognizedExtension):
        return None
    found: dict[str, frozenset[str]] = {}
    for pair in read_fields(read_tlv(extension.value.value).value):
        names = [_dotted(one.value) for one in read_fields(pair.value)]
        if len(names) != 2:
            return None
        found[names[0]] = found.get(names[0], frozenset()) | {names[1]}
    return found


def _maps_to_any(mappings: Mapping[str, frozenset[str]]) -> bool:
    return any(ANY_POLICY in to for to in mappings.values())


def _dotted(body: bytes) -> str:
    """An object identifier's content as text."""
    numbers: list[int] = []
    number = 0
    for octet in body:
        number = number << 7 | octet & 0x7F
        if not octet & 0x80:
            numbers.append(number)
            number = 0
    first = min(numbers[0] // 40, 2) if numbers else 0
    head = [first, numbers[0] - 40 * first] if numbers else []
    return ".".join(str(one) for one in [*head, *numbers[1:]])
