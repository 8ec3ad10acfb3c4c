"""Opens one file of a stranger, in a process of its own that holds nothing else.

Run as a script by ``participation.attachments.examining``: ``examiner.py SOURCE FOLDER CAPS``. It
imports nothing of the platform, limits its own memory and time before a decoder is loaded, has no
environment, and says what it found as one line of JSON: the type and, of pictures, what was made
anew in FOLDER; or the code of a refusal. What it is told by a file's name is ignored.
"""

from __future__ import annotations

import json
import resource
import sys
import zipfile
from pathlib import Path
from typing import Any, BinaryIO

HEAD = 8192
TAIL = 2048
_MAIN = "application/vnd.openxmlformats-officedocument."
#: Of an office document: its extension and media type, by what its first part says it is.
OOXML = {
    f"{_MAIN}wordprocessingml.document.main+xml": "docx",
    f"{_MAIN}spreadsheetml.sheet.main+xml": "xlsx",
    f"{_MAIN}presentationml.presentation.main+xml": "pptx",
}
OPEN_DOCUMENT = {
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.oasis.opendocument.presentation": "odp",
}
#: Beginnings of what an office document has no business to hold: archives and programs.
INSIDE: tuple[bytes, ...] = (
    *(b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ"),
    *(b"\xd0\xcf\x11\xe0", b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"#!"),
)
ACTIVE_PARTS = ("vbaproject", "vbadata", "activex/", "basic/", "scripts/", "macrosheets/")
ACTIVE_KEYS = {"/JS", "/JavaScript", "/Launch", "/EF", "/EmbeddedFiles", "/RichMedia", "/XFA"}
ACTIVE_ACTIONS = {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToE", "/Rendition"}


class Refused(Exception):
    """Why the file is not taken, as a code the platform has a sentence for."""


def examine(source: Path, folder: Path, caps: dict[str, int]) -> dict[str, Any]:
    """Say what the file is and make pictures anew. Raises ``Refused``."""
    import filetype

    with source.open("rb") as file:
        head = file.read(HEAD)
    guess = filetype.guess_mime(head) or ""
    if guess in {"image/jpeg", "image/png", "image/apng", "image/webp", "image/heic"}:
        return _picture(source, folder, guess.removeprefix("image/"), head, caps)
    if guess == "application/pdf" and head.startswith(b"%PDF-"):
        return _pdf(source, caps)
    if head.startswith(b"PK\x03\x04"):
        return _office(source, caps)
    raise Refused("type")


# Pictures


def _picture(
    source: Path, folder: Path, name: str, head: bytes, caps: dict[str, int]
) -> dict[str, Any]:
    from PIL import Image, ImageOps

    format_name = {"jpeg": "JPEG", "png": "PNG", "apng": "PNG", "webp": "WEBP"}.get(name, "HEIF")
    if format_name == "HEIF":
        import pillow_heif

        pillow_heif.register_heif_opener(thumbnails=False)
    Image.MAX_IMAGE_PIXELS = caps["PIXELS"]
    if format_name == "WEBP":
        # Its decoder sets two whole canvases aside as soon as it is opened.
        _fits(_webp_size(head), caps)
    try:
        with Image.open(source, formats=[format_name]) as opened:
            _fits(opened.size, caps)
            if getattr(opened, "n_frames", 1) > caps["FRAMES"]:
                raise Refused("frames")
            opened.draft("RGB", (caps["KEPT_SIDE"], caps["KEPT_SIDE"]))
            opened.load()
            whole = opened if opened.mode in {"RGB", "RGBA", "L", "LA"} else _plain(opened)
            if (times := max(whole.size) // caps["KEPT_SIDE"]) > 1:
                # Averaged down first: filtering all pixels of a large one takes it several times.
                whole = whole.reduce(times)
            whole.thumbnail((caps["KEPT_SIDE"],) * 2, Image.Resampling.LANCZOS, reducing_gap=2.0)
            image = _in_srgb(ImageOps.exif_transpose(whole))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused("pixels") from None
    except (OSError, ValueError, SyntaxError, EOFError, RuntimeError):
        raise Refused("broken") from None
    clear = image.mode in {"RGBA", "LA"} and image.getchannel("A").getextrema()[0] < 255
    image = image.convert("RGBA" if clear else "RGB")
    # Pasted onto an empty picture: nothing of what the old one carried along can follow.
    bare = Image.new(image.mode, image.size)
    bare.paste(image)
    extension = _save(bare, folder, name, clear)
    small = bare.copy()
    small.thumbnail((caps["SMALL_SIDE"],) * 2, Image.Resampling.LANCZOS)
    small.save(folder / "small", "WEBP", quality=72, method=4)
    return {
        "extension": extension,
        "width": bare.width,
        "height": bare.height,
        "small_width": small.width,
        "small_height": small.height,
    }


def _save(bare: Any, folder: Path, name: str, clear: bool) -> str:
    """Drawings stay PNG, photographs become JPEG; returns the extension."""
    made = folder / "made"
    if clear or name in {"png", "apng"}:
        bare.save(made, "PNG", optimize=True)
        if clear or made.stat().st_size <= 2 * 1024 * 1024:
            return "png"
    bare.save(made, "JPEG", quality=85, optimize=True, progressive=True)
    return "jpg"


def _fits(size: tuple[int, int], caps: dict[str, int]) -> None:
    width, height = size
    if not (0 < width <= caps["SIDE"] and 0 < height <= caps["SIDE"]):
        raise Refused("pixels")
    if width * height > caps["PIXELS"]:
        raise Refused("pixels")


def _webp_size(head: bytes) -> tuple[int, int]:
    kind, body = head[12:16], head[20:30]
    if len(body) < 10:
        raise Refused("broken")
    if kind == b"VP8X":
        return 1 + int.from_bytes(body[4:7], "little"), 1 + int.from_bytes(body[7:10], "little")
    if kind == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    sides = (int.from_bytes(body[place : place + 2], "little") & 0x3FFF for place in (6, 8))
    return next(sides), next(sides)


def _plain(image: Any) -> Any:
    """Palettes, 16 bits a channel, print colours: as eight bits of grey or colour."""
    if image.mode.startswith(("I", "F")):
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.mode in {"P", "PA"} or "transparency" in image.info:
        return image.convert("RGBA")
    return image.convert("RGB")


def _in_srgb(image: Any) -> Any:
    """The colours as every screen shows them; a profile that cannot be read is left out."""
    from io import BytesIO

    from PIL import ImageCms

    profile = image.info.get("icc_profile")
    if not profile or image.mode not in {"RGB", "RGBA"}:
        return image
    try:
        theirs = ImageCms.ImageCmsProfile(BytesIO(profile))
        return ImageCms.profileToProfile(image, theirs, ImageCms.createProfile("sRGB")) or image
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image


# PDF


def _pdf(source: Path, caps: dict[str, int]) -> dict[str, Any]:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    if zipfile.is_zipfile(source):
        raise Refused("mixed")
    with source.open("rb") as file:
        file.seek(max(0, source.stat().st_size - TAIL))
        if b"%%EOF" not in file.read():
            raise Refused("broken")
    try:
        reader = PdfReader(source)
        if reader.is_encrypted and not reader.decrypt(""):
            raise Refused("locked")
        if not len(reader.pages):
            raise Refused("broken")
        for thing in _objects(reader, caps):
            _is_still(thing, 0)
    except Refused:
        raise
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, OSError):
        raise Refused("broken") from None
    return {"extension": "pdf"}


def _objects(reader: Any, caps: dict[str, int]) -> Any:
    from pypdf.errors import PyPdfError
    from pypdf.generic import IndirectObject

    places = [(number, generation) for generation, row in reader.xref.items() for number in row]
    places += [(number, 0) for number in reader.xref_objStm]
    if len(places) > caps["OBJECTS"]:
        raise Refused("large")
    yield reader.trailer
    for number, generation in places:
        try:
            yield reader.get_object(IndirectObject(number, generation, reader))
        except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError):
            # A reader that meets it later cannot read it either.
            continue


def _is_still(thing: Any, depth: int) -> None:
    """Raise Refused for what does something by itself or carries a file; references end it."""
    from pypdf.generic import DictionaryObject

    if depth > 40:
        raise Refused("large")
    if isinstance(thing, DictionaryObject):
        does = thing.raw_get("/S") if "/S" in thing else None
        if ACTIVE_KEYS & set(thing) or does in ACTIVE_ACTIONS:
            raise Refused("active")
        for key in thing:
            _is_still(thing.raw_get(key), depth + 1)
    elif isinstance(thing, list):
        for one in list.__iter__(thing):
            _is_still(one, depth + 1)


# Office documents


def _office(source: Path, caps: dict[str, int]) -> dict[str, Any]:
    size = source.stat().st_size
    try:
        with source.open("rb") as file:
            file.seek(max(0, size - 22))
            # No comment and nothing behind it: the end of the archive is the end of the file.
            if not file.read().startswith(b"PK\x05\x06"):
                raise Refused("broken")
        with zipfile.ZipFile(source) as archive:
            parts = archive.infolist()
            _check_parts(parts, size, caps)
            extension = _office_type(archive, parts)
            unpacked = 0
            for part in parts:
                with archive.open(part) as file:
                    unpacked = _check_part(part, file, unpacked, caps)
                _check_words(archive, part)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, RuntimeError):
        raise Refused("broken") from None
    return {"extension": extension}


def _check_parts(parts: list[zipfile.ZipInfo], size: int, caps: dict[str, int]) -> None:
    """What the list of parts says, before one of them is unpacked."""
    if len(parts) > caps["PARTS"]:
        raise Refused("bomb")
    unpacked = sum(part.file_size for part in parts)
    if unpacked > caps["UNPACKED_BYTES"]:
        raise Refused("bomb")
    if unpacked > 10 * 1024 * 1024 and unpacked > caps["UNPACKED_RATIO"] * size:
        raise Refused("bomb")
    if len({part.filename.lower() for part in parts}) != len(parts):
        raise Refused("broken")
    end = 0
    for part in sorted(parts, key=lambda one: one.header_offset):
        name = part.orig_filename
        odd = name.startswith(("/", "\\")) or "\\" in name or ":" in name or "\0" in name
        if odd or ".." in name.split("/") or part.external_attr >> 28 == 0xA:
            raise Refused("broken")
        if part.flag_bits & 0x1:
            raise Refused("locked")
        if part.header_offset < end:
            # Parts that share their bytes: the trick of the archives that unpack to petabytes.
            raise Refused("bomb")
        end = part.header_offset + 30 + part.compress_size
        if any(word in name.lower() for word in ACTIVE_PARTS):
            raise Refused("active")


def _check_part(part: zipfile.ZipInfo, file: Any, unpacked: int, caps: dict[str, int]) -> int:
    """Unpack one part, counting: what the list said may be a lie."""
    first = b""
    while piece := file.read(65536):
        first = first or piece[:8]
        unpacked += len(piece)
        if unpacked > caps["UNPACKED_BYTES"]:
            raise Refused("bomb")
    if first.startswith(INSIDE):
        raise Refused("nested")
    return unpacked


def _office_type(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> str:
    names = {part.filename for part in parts}
    if parts and parts[0].filename == "mimetype" and parts[0].file_size < 200:
        found = OPEN_DOCUMENT.get(archive.read("mimetype").decode("ascii", "replace").strip())
        if found and "content.xml" in names:
            return found
    if "[Content_Types].xml" in names:
        types: list[str] = []
        with archive.open("[Content_Types].xml") as file:
            _parse(file, lambda tag, attrs: types.append(attrs.get("ContentType", "")))
        if any("macroenabled" in one.lower() or "vba" in one.lower() for one in types):
            raise Refused("active")
        main = {OOXML[one] for one in types if one in OOXML}
        if len(main) == 1:
            return main.pop()
    raise Refused("type")


def _check_words(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    name = part.filename.lower()
    if not name.endswith((".xml", ".rels", ".rdf", ".vml")):
        return
    found = set()

    def see(tag: str, attrs: dict[str, str]) -> None:
        outside = attrs.get("TargetMode", "").lower() == "external"
        if outside and not attrs.get("Type", "").endswith("/hyperlink"):
            found.add("outside")
        if tag.endswith(("script:event-listener", "office:script")):
            found.add("active")

    with archive.open(part) as file:
        _parse(file, see)
    if found:
        raise Refused(sorted(found)[0])


def _parse(file: Any, see: Any) -> None:
    """Read XML without any DTD, entity or reference to elsewhere (U11)."""
    from xml.sax import SAXException
    from xml.sax.handler import ContentHandler

    from defusedxml import DefusedXmlException
    from defusedxml.expatreader import create_parser

    class Handler(ContentHandler):
        def startElement(self, name: str, attrs: Any) -> None:
            see(name, dict(attrs))

    parser = create_parser(forbid_dtd=True)
    parser.setContentHandler(Handler())
    try:
        parser.parse(file)
    except DefusedXmlException:
        raise Refused("active") from None
    except (SAXException, ValueError, LookupError):
        raise Refused("broken") from None


def _limit(caps: dict[str, int]) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (caps["MEMORY_BYTES"],) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (caps["WORK_SECONDS"], caps["WORK_SECONDS"] + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (caps["WRITTEN_BYTES"],) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.setrecursionlimit(500)


def main(out: BinaryIO | None = None) -> None:
    """Examine what the command line names."""
    source, folder, caps = Path(sys.argv[1]), Path(sys.argv[2]), json.loads(sys.argv[3])
    _limit(caps)
    try:
        found = examine(source, folder, caps)
    except Refused as refusal:
        found = {"refused": str(refusal)}
    except (MemoryError, RecursionError):
        found = {"refused": "large"}
    print(json.dumps(found))


if __name__ == "__main__":
    main()
