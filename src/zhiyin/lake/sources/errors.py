"""What can be wrong with a file as a whole. A broken row is not an error: it is delivered beside the good ones."""

from __future__ import annotations

from zhiyin.errors import ZhiyinError


class SourceError(ZhiyinError):
    """A file that cannot be read as it is; ``file`` in the data names it."""

    code = "source"
    message = "{file} cannot be read."


class SourceMissing(SourceError):
    """No such file, or a folder."""

    code = "source.missing"
    message = "{file} is not there, or is not a file. Check the path."
    status = 404


class SourceForbidden(SourceError):
    """The file system refuses."""

    code = "source.forbidden"
    message = "{file} cannot be opened: {reason}. Give this user the right to read it."
    status = 403


class SourceEmpty(SourceError):
    """No bytes, or nothing but blank lines."""

    code = "source.empty"
    message = "{file} is empty. Ask for it to be sent again, or leave it out."


class UnknownFormat(SourceError):
    """Neither name nor content tells, or the format asked for does not exist."""

    code = "source.unknown_format"
    message = "{file}: the format is not known ({found}). Say which it is with format: one of {known}."


class WrongFormat(SourceError):
    """The file is not what its format says."""

    code = "source.wrong_format"
    message = "{file} is not readable as {format}: {reason}. Ask for it to be sent again, or name another format."


class OldWorkbook(SourceError):
    """The binary ``.xls`` of before 2007."""

    code = "source.old_workbook"
    message = (
        "{file} is a workbook in the old .xls format, which is not read. Open it in Excel or WPS and save it as .xlsx, "
        "or run: soffice --headless --convert-to xlsx {file}"
    )


class WebPage(SourceError):
    """An HTML table with the name of a workbook, as many web systems export it."""

    code = "source.web_page"
    message = (
        "{file} is a web page with the name of a table. Open it in Excel or WPS and save it as .xlsx, or export it "
        "again as CSV."
    )


class SourceEncrypted(SourceError):
    """A password is needed."""

    code = "source.encrypted"
    message = "{file} is locked with a password. Unlock it and save it without one; Zhiyin never asks for passwords."


class SourceTruncated(SourceError):
    """The file ends too early; the rows up to there were delivered."""

    code = "source.truncated"
    message = (
        "{file} ends too early, after {rows} rows: {reason}. The transfer was cut off; ask for the file to be sent "
        "again. Nothing of it should be kept as complete."
    )


class SourceDamaged(SourceError):
    """Compressed data, a checksum or a structure is wrong in the middle."""

    code = "source.damaged"
    message = "{file} is damaged after {rows} rows: {reason}. Ask for it to be sent again."


class ExpansionRefused(SourceError):
    """A small archive that becomes very large."""

    code = "source.expansion"
    message = (
        "{file} expands to more than {limit} and may be made to fill the disk. If it is meant to, raise "
        "expansion_ratio or expansion_bytes."
    )


class NestedArchive(SourceError):
    """An archive within an archive."""

    code = "source.nested_archive"
    message = "{file} holds another archive, {member}. Unpack it once and give the files within."


class NoSuchMember(SourceError):
    """The archive holds no file of that name."""

    code = "source.no_such_member"
    message = "{file} holds no file {member}. It holds: {members}."
    status = 404


class MembersDiffer(SourceError):
    """Several files in one archive with different columns or formats."""

    code = "source.members_differ"
    message = (
        "{file} holds files with different columns: {member} does not have those of {first}. Name one with member."
    )


class NoSuchSheet(SourceError):
    """The workbook has no sheet of that name or number."""

    code = "source.no_such_sheet"
    message = "{file} has no sheet {sheet}. It has: {sheets}."
    status = 404


class NoSuchRecords(SourceError):
    """The path leads to no list of records."""

    code = "source.no_such_records"
    message = "{file} has no list of records at {path}. Say where it is with record_path."
    status = 404


class TooManyColumns(SourceError):
    """More columns than a table can sensibly have: usually the wrong delimiter or a file on its side."""

    code = "source.too_many_columns"
    message = (
        "{file} has {columns} columns, more than {limit}. Check the delimiter, or that rows and columns are not "
        "swapped; if it is right, raise most_columns."
    )


class UnknownEncoding(SourceError):
    """Python knows no codec of that name."""

    code = "source.unknown_encoding"
    message = "{file}: {encoding} is not an encoding. Use for example utf-8, gb18030, utf-16, big5 or cp1252."


class EncodingUnsure(SourceError):
    """Plain ASCII for so long that the encoding was assumed, then text that is not UTF-8 but is something else."""

    code = "source.encoding_unsure"
    message = (
        "{file} is plain ASCII up to about line {line} and then not UTF-8; it could be {candidate}. Say which with "
        "encoding."
    )


class BadOption(SourceError):
    """An option that cannot be followed with this file."""

    code = "source.bad_option"
    message = "{file}: {option} = {value} cannot be used: {reason}."


class WidthsNeeded(SourceError):
    """Fixed width without the widths."""

    code = "source.widths_needed"
    message = "{file} has columns of fixed width. Give the width of each in bytes with widths."


class UnsafeDeclaration(SourceError):
    """XML that declares entities or a document type: the way to make a parser expand or fetch things."""

    code = "source.unsafe_declaration"
    message = "{file} declares a document type or entities, which event logs do not need. It is refused."
