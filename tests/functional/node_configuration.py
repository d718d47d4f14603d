# SPDX-License-Identifier: Apache-2.0
"""The configuration of the node that most tests share: the laboratory's own, and DNs and trunks for
single behaviours. Limits are short so that no test waits long for one."""

NUMBER_RINGS_SHORTLY = "1301"  # ring-timeout 1
NUMBER_ONE_CALL = "1302"  # max-calls 1
NUMBER_THREE_CONTACTS = "1303"
NUMBER_BEHIND_NAT = "1304"  # nat-contact auto
NUMBER_MUST_BE_REGISTERED = "1305"
NUMBER_REALM = "1306"  # a password and a realm of its own
# What this seat sends is broken on purpose: test_dissector leaves it out, and the answers to it.
BROKEN_SEAT = 13

# Seats of the phones of test_kills.py: no capture takes so many messages.
KILL_SEATS = (16, 17)

STATIC_NUMBER, STATIC_SEAT, STATIC_PORT = "1200", 1, 5070  # as laboratory.conf has it

AUTH_FAILURES_MAX = 4
NONCE_LIFETIME_S = 5
MIN_EXPIRES_S = 2
MAX_EXPIRES_S = 3600

# Ports of the further trunks at the trunk's address.
TRUNK_LONGER = 5061  # prefix 94, replaced by 00
TRUNK_FIRST, TRUNK_SECOND = 5062, 5063  # prefix 96, by priority, one call each
TRUNK_TURN = (5064, 5065)  # prefix 97, in turn
TRUNK_STUBBORN = 5066  # prefix 98, its number is dialled as it is, rings 1 s


def _extension(number, **options):
    return {"type": "Extension", "numbers": number, "contact": "*",
            **{name.replace("_", "-"): value for name, value in options.items()}}


def _trunk(name, port, prefix, **options):
    return {"type": "Trunk", "name": name, "contact": f"10.77.0.200:{port}", "prefix": prefix,
            **{name.replace("_", "-"): value for name, value in options.items()}}


STANDARD = {
    "overrides": {
        "application": {
            "min-expires": MIN_EXPIRES_S,
            "max-expires": MAX_EXPIRES_S,
            "nonce-lifetime": NONCE_LIFETIME_S,
            "auth-failures-max": AUTH_FAILURES_MAX,
        },
    },
    "add_dns": [
        _extension(NUMBER_RINGS_SHORTLY, ring_timeout=1),
        _extension(NUMBER_ONE_CALL, max_calls=1),
        _extension(NUMBER_THREE_CONTACTS, max_contacts=3),
        _extension(NUMBER_BEHIND_NAT, nat_contact="auto"),
        _extension(NUMBER_MUST_BE_REGISTERED, require_registration=True),
        _extension(NUMBER_REALM, password="secret", realm="example.com"),
        _trunk("longer", TRUNK_LONGER, "94", replace_prefix="00"),
        _trunk("first", TRUNK_FIRST, "96", priority=1, capacity=1),
        _trunk("second", TRUNK_SECOND, "96", priority=2, capacity=1),
        _trunk("turn-a", TRUNK_TURN[0], "97", replace_prefix=""),
        _trunk("turn-b", TRUNK_TURN[1], "97", replace_prefix=""),
        _trunk("stubborn", TRUNK_STUBBORN, "98", ring_timeout=1),
    ],
}

# A node with pools for two calls and three contacts.
SMALL = {"overrides": {"application": {"max-calls-at-once": 2, "max-registrations": 3}}}

# sipp and the baresip of Debian 12 fail at a challenge they do not know: no SHA-256 for them.
OLD_PHONES = {"overrides": {"application": {"digest-algorithms": "MD5"}}}
