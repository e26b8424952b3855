"""What kind of body an organisation is, and which two names of the sources are one."""

from accounts.models import Organisation

Kind = Organisation.Kind

# One institute, named by two sources with and without the body above it.
SAME = {
    "Anhui Institute of Optics and Fine Mechanics, CAS (Hefei Institutes of Physical Science)": (
        "Anhui Institute of Optics and Fine Mechanics, CAS"
    ),
}
KINDS = {
    "BORDA": Kind.ASSOCIATION,
    "Waste Concern (with World Wide Recycling)": Kind.OTHER,
    "International Centre for Integrated Mountain Development (ICIMOD)": Kind.OTHER,
}
WORDS = (("University", Kind.UNIVERSITY), ("Institute", Kind.INSTITUTE))


def real_name(name: str) -> str:
    return SAME.get(name, name)


def kind_of(name: str) -> str:
    """Tell the kind by the name, as the data does not say it: what is nothing else is a firm."""
    if name in KINDS:
        return KINDS[name]
    # "(with Nanjing Institute …)" is a partner, not the body itself.
    own = name.split(" (with")[0]
    return next((kind for word, kind in WORDS if word in own), Kind.ENTERPRISE)
