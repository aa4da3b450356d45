"""Luck in plain whole numbers: every draw is found again by its seed, replication, patient and step, on any machine.

A stream is a 64-bit key; the i-th number of a stream is a hash of the key and i (splitmix64: Steele, Lea & Flood 2014), so that
no draw depends on what was drawn before it and two plans meet the same patients.
"""

from __future__ import annotations

import math

from sandcone.core.law import Exponential, Fixed, Law, Lognormal, Seen, Uniform

MASK = 2**64 - 1
G = 0x9E3779B97F4A7C15
SHOWS_UP = 2**40  # which draw of a patient's own stream says whether an appointment to arrive is kept
AGAIN = 2**32  # how far apart the draws of one booking and the next one lie

CHOOSE, LAG, MINUTES, BEFORE, AFTER, PATIENCE, SHOW, PICK = range(8)
"""What a patient's draws at one node are for: draw 8·v + p, where v counts the nodes visited so far."""


def mix(z: int) -> int:
    """Every bit of the number moves every bit of the answer."""
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def run_key(seed: int, replication: int) -> int:
    """The key of one run: of one replication with one seed."""
    return mix((mix((seed * G + 1) & MASK) + replication * G + 2) & MASK)


def stream_key(run: int, stream: int) -> int:
    """The key of one stream of arrivals, counted from 0."""
    return mix((run + (stream + 1) * G) & MASK)


def patient_key(stream: int, n: int) -> int:
    """The key of a stream's n-th patient, counted from 0."""
    return mix(stream ^ mix(((n + 1) * G) & MASK))


def branch_key(key: int, visits: int, branch: int) -> int:
    """The key of one branch of a parallel part, from the key of whoever splits."""
    return mix(((key + (8 * visits + 7) * G) & MASK) ^ mix(branch + 1))


def uniform(key: int, i: int) -> float:
    """The i-th number of a stream, above 0 and below 1."""
    return ((mix((key + (i + 1) * G) & MASK) >> 11) + 0.5) * 2.0**-53


def drawn(law: Law, u: float) -> float:
    """The minutes of a law at this luck."""
    match law:
        case Fixed():
            return float(law.minutes)
        case Uniform():
            return law.low + u * (law.high - law.low)
        case Exponential():
            return -law.mean * math.log(u)
        case Lognormal():
            return law.median * math.exp(law.sigma * normal(u))
        case Seen():
            return float(law.minutes[int(u * len(law.minutes))])


def normal(u: float) -> float:
    """How many standard deviations above the mean a share u of people lie below (Wichura 1988, algorithm AS 241, PPND16)."""
    q = u - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        return q * _ratio(r, *CENTRE)
    r = math.sqrt(-math.log(u if q < 0 else 1.0 - u))
    z = _ratio(r - 1.6, *MIDDLE) if r <= 5.0 else _ratio(r - 5.0, *TAIL)
    return -z if q < 0 else z


def _ratio(r: float, a: tuple[float, ...], b: tuple[float, ...]) -> float:
    above, below = 0.0, 0.0
    for x, y in zip(a, b, strict=True):
        above = above * r + x
        below = below * r + y
    return above / below


CENTRE = (
    (
        2.5090809287301226727e3,
        3.3430575583588128105e4,
        6.7265770927008700853e4,
        4.5921953931549871457e4,
        1.3731693765509461125e4,
        1.9715909503065514427e3,
        1.3314166789178437745e2,
        3.3871328727963666080e0,
    ),
    (
        5.2264952788528545610e3,
        2.8729085735721942674e4,
        3.9307895800092710610e4,
        2.1213794301586595867e4,
        5.3941960214247511077e3,
        6.8718700749205790830e2,
        4.2313330701600911252e1,
        1.0,
    ),
)
MIDDLE = (
    (
        7.74545014278341407640e-4,
        2.27238449892691845833e-2,
        2.41780725177450611770e-1,
        1.27045825245236838258e0,
        3.64784832476320460504e0,
        5.76949722146069140550e0,
        4.63033784615654529590e0,
        1.42343711074968357734e0,
    ),
    (
        1.05075007164441684324e-9,
        5.47593808499534494600e-4,
        1.51986665636164571966e-2,
        1.48103976427480074590e-1,
        6.89767334985100004550e-1,
        1.67638483018380384940e0,
        2.05319162663775882187e0,
        1.0,
    ),
)
TAIL = (
    (
        2.01033439929228813265e-7,
        2.71155556874348757815e-5,
        1.24266094738807843860e-3,
        2.65321895265761230930e-2,
        2.96560571828504891230e-1,
        1.78482653991729133580e0,
        5.46378491116411436990e0,
        6.65790464350110377720e0,
    ),
    (
        2.04426310338993978564e-15,
        1.42151175831644588870e-7,
        1.84631831751005468180e-5,
        7.86869131145613259100e-4,
        1.48753612908506148525e-2,
        1.36929880922735805310e-1,
        5.99832206555887937690e-1,
        1.0,
    ),
)
