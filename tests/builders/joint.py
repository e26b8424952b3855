"""Who declares a technology together with another organisation."""

PARTNER = {
    "name_en": "Partner Ltd",
    "name_zh": "合作公司",
    "country": "NO",
    "contact_name": "K. Partner",
    "contact_email": "partner@example.org",
}
