"""Any text on one line, as it is typed and pasted there, and back. Standard library only."""

from __future__ import annotations


def escaped(text: str) -> str:
    r"""The text on one line: control characters as \n, \t, \x1b, a backslash as \\."""
    return "".join(_escape(character) for character in text)


def _escape(character: str) -> str:
    if character == "\\":
        return "\\\\"
    if character.isprintable() or not (ord(character) < 0x20 or 0x7F <= ord(character) < 0xA0):
        return character
    return character.encode("unicode_escape").decode("ascii")


def unescaped(line: str) -> str:
    r"""The text that `escaped` put on one line; a backslash that escapes nothing stays as it is."""
    out, i = [], 0
    simple = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\"}
    while i < len(line):
        character, following = line[i], line[i + 1 : i + 2]
        digits = line[i + 2 : i + 4]
        if character == "\\" and following in simple:
            out.append(simple[following])
            i += 2
        elif (
            character == "\\"
            and following == "x"
            and len(digits) == 2
            and all(d in "0123456789abcdefABCDEF" for d in digits)
        ):
            out.append(chr(int(digits, 16)))
            i += 4
        else:
            out.append(character)
            i += 1
    return "".join(out)
