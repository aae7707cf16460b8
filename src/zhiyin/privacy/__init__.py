"""Personal data in free text, found and masked before anything is stored, in Chinese and English.

:func:`mask_texts` masks a column on its way into the lake, :func:`mask_text` a single text, and
:func:`find_personal_data` says what stands where. The ``mask_*`` of single values are for display (JR/T 0171), and
:func:`looks_like_direct_identifier` tells key columns that hold identifiers instead of pseudonyms.
"""

from __future__ import annotations

from zhiyin.privacy.display import mask_card, mask_email, mask_mobile, mask_name, mask_resident_id
from zhiyin.privacy.identifiers import looks_like_direct_identifier
from zhiyin.privacy.kinds import TOKENS, Finding, PersonalKind
from zhiyin.privacy.masking import MaskedTexts, find_personal_data, mask_text, mask_texts

__all__ = [
    "TOKENS",
    "Finding",
    "MaskedTexts",
    "PersonalKind",
    "find_personal_data",
    "looks_like_direct_identifier",
    "mask_card",
    "mask_email",
    "mask_mobile",
    "mask_name",
    "mask_resident_id",
    "mask_text",
    "mask_texts",
]
