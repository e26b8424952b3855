"""Which two names of the sources are one organisation."""

# One institute, named by two sources with and without the body above it.
SAME = {
    "Anhui Institute of Optics and Fine Mechanics, CAS (Hefei Institutes of Physical Science)": (
        "Anhui Institute of Optics and Fine Mechanics, CAS"
    ),
}


def real_name(name: str) -> str:
    return SAME.get(name, name)
