"""Check digits of the numbers that people read out."""


def mod_11_10(digits: str) -> int:
    """The check digit of ISO 7064 MOD 11,10 over decimal digits."""
    carry = 10
    for digit in digits:
        total = (carry + int(digit)) % 10 or 10
        carry = total * 2 % 11
    return (11 - carry) % 10


def digits_of(year: int, code: str, serial: int) -> str:
    """Year, capitals by their places in the alphabet, and serial, as digits."""
    return f"{year:04d}" + "".join(f"{ord(c) - 64:02d}" for c in code) + f"{serial:07d}"
