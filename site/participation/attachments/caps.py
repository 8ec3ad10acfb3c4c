"""How much a file, an entry and a person may hold. docs/limits.md is compared with these."""

MEBIBYTE = 1024 * 1024

#: One file as it is sent.
FILE_BYTES = 10 * MEBIBYTE
#: Files of one entry; a kind of entry may ask for fewer.
MOST_FILES = 5
#: All files a person holds at once, removed ones left out.
PERSON_FILES = 300
PERSON_BYTES = 500 * MEBIBYTE
#: Below this much free space nothing more is taken, so that the rest of the platform goes on.
FREE_BYTES = 512 * MEBIBYTE

#: Pictures, judged from the header before anything is decoded.
PIXELS = 40_000_000
SIDE = 20_000
FRAMES = 100
#: What is kept of a picture: its longer side, and that of the small one.
KEPT_SIDE = 2560
SMALL_SIDE = 640

#: Office documents are archives: parts, bytes unpacked, how many times larger than packed.
PARTS = 2000
UNPACKED_BYTES = 100 * MEBIBYTE
UNPACKED_RATIO = 100
#: Objects of a PDF.
OBJECTS = 100_000

#: The process that opens a file: memory, seconds of work, seconds in all.
MEMORY_BYTES = 1024 * MEBIBYTE
WORK_SECONDS = 15
WAIT_SECONDS = 25

#: The name a file is shown by, and the words that stand for a picture.
NAME_LIMIT = 100
ALT_LIMIT = 300
