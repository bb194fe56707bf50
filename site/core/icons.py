"""Icons and section marks as inline SVG: words carry the meaning, these only help the eye.

Icons stand in a box of 24 units. The marks are ornaments of Karakalpak weaving, drawn here on a
square grid with stepped diagonals, as counted stitches; `docs` of the look name where each is used.
"""

from __future__ import annotations

#: name → path of the outline (24 × 24, line of 2).
ICONS: dict[str, str] = {
    "home": "M3 12 12 4l9 8M6 10v10h4v-6h4v6h4V10",
    "building": "M4 20h16M6 20V9M10 20V9M14 20V9M18 20V9M3 9h18L12 3z",
    "phone": "M5 3h4l2 5-3 2a12 12 0 0 0 6 6l2-3 5 2v4c0 1-1 2-2 2C11 21 3 13 3 5c0-1 1-2 2-2z",
    "mail": "M3 5h18v14H3zM3 6l9 7 9-7",
    "search": "M10.5 4a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zM15.5 15.5 21 21",
    "globe": "M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18zM3 12h18M12 3c-5 5-5 13 0 18M12 3c5 5 5 13 0 18",
    "user": "M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM4 21c0-4 3-6 8-6s8 2 8 6",
    "inbox": "M4 13 6 5h12l2 8v6H4zM4 13h5l1 3h4l1-3h5",
    "menu": "M3 6h18M3 12h18M3 18h18",
    "plus": "M12 4v16M4 12h16",
    "check": "M4 12l5 6L20 6",
    "cross": "M5 5l14 14M19 5 5 19",
    "alert": "M12 3 22 20H2zM12 9v6M12 16.5v2",
    "info": "M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18zM12 11v6M12 7v2",
    "question": "M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18zM9 10c0-4 6-4 6-.5 0 2-3 2-3 4.5M12 15.5v2",
    "clock": "M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18zM12 7v5l4 3",
    "calendar": "M4 6h16v14H4zM4 10h16M8 3v5M16 3v5",
    "coins": (
        "M9 4c3 0 6 1 6 3s-3 3-6 3-6-1-6-3 3-3 6-3zM3 7v10c0 2 3 3 6 3M15 7v3"
        "M15 11c3 0 6 1 6 3s-3 3-6 3-6-1-6-3 3-3 6-3zM9 14v4c0 2 3 3 6 3s6-1 6-3v-4"
    ),
    "document": "M6 3h8l4 4v14H6zM14 3v5h4M9 12h6M9 16h6",
    "download": "M12 3v12M7 10l5 5 5-5M4 20h16",
    "upload": "M12 16V4M7 9l5-5 5 5M4 20h16",
    "print": "M7 8V3h10v5M7 17H4V8h16v9h-3M7 14h10v7H7z",
    "link": (
        "M10 14a4 4 0 0 1 0-6l2.5-2.5a4 4 0 0 1 6 6L17 13"
        "M14 10a4 4 0 0 1 0 6l-2.5 2.5a4 4 0 0 1-6-6L7 11"
    ),
    "send": "M3 11 21 4l-4 16-5-5-3 4-1-6zM8 13l9-6",
    "eye": "M2 12c5-8 15-8 20 0-5 8-15 8-20 0zM12 9a3 3 0 1 1 0 6 3 3 0 0 1 0-6z",
    "pin": (
        "M12 21C7 15 5 12 5 10a7 7 0 0 1 14 0c0 2-2 5-7 11z"
        "M12 7.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5z"
    ),
    "lock": "M5 11h14v10H5zM8 11V8a4 4 0 0 1 8 0v3M12 15v3",
    "key": "M7.5 11.5a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM10.5 13 19 4M15 8l3 3",
    "edit": "M4 20v-4L16 4l4 4L8 20zM13 7l4 4",
    "trash": "M4 6h16M9 6V3h6v3M6 6l1 15h10l1-15M10 10v7M14 10v7",
    "star": "M12 3l2.7 6 6.3.7-4.7 4.3 1.3 6.5L12 17l-5.6 3.5 1.3-6.5L3 9.7 9.3 9z",
    "flag": "M5 21V4h13l-3 4 3 4H5",
    "pause": "M8 4v16M16 4v16",
    "undo": "M9 5 4 10l5 5M4 10h10a5 5 0 0 1 0 10h-4",
    "forward": "M15 5l5 5-5 5M20 10H10a5 5 0 0 0 0 10h4",
    "arrow-right": "M4 12h15M13 6l6 6-6 6",
    "arrow-left": "M20 12H5M11 6l-6 6 6 6",
    "chevron-right": "M9 5l7 7-7 7",
    "chevron-left": "M15 5l-7 7 7 7",
    "external": "M13 4h7v7M20 4l-9 9M10 5H4v15h15v-6",
    "wheelchair": "M9 3v6M9 12H6.5a5 5 0 1 0 6 7M9 9v5h6l3 6h3M9 10h6",
    "text-size": "M2 19 8 5l6 14M4 15h8M14 19l4-9 4 9M15.5 16h5",
    "scroll": "M7 3h13v3h-3v12a3 3 0 0 1-3 3H4v-4h9M7 3a3 3 0 0 0-3 3v11M8 8h5M8 12h5",
    "id-card": "M3 5h18v14H3zM9 9a2 2 0 1 1 0 4 2 2 0 0 1 0-4zM6 17c0-2 6-2 6 0M15 10h4M15 14h4",
    "users": (
        "M9 5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7zM2 20c0-4 3-5 7-5s7 1 7 5"
        "M15 5a3.5 3.5 0 0 1 1 6.8M17.5 15c3 .5 4.5 2 4.5 5"
    ),
    "book": "M12 6c-2-2-5-2-9-2v14c4 0 7 0 9 2 2-2 5-2 9-2V4c-4 0-7 0-9 2zM12 6v14",
    "graduation-cap": "M2 9l10-5 10 5-10 5zM6 11v6c3 3 9 3 12 0v-6M22 9v7",
    "heart": "M12 20C5 14 3 11 3 8.5A4.5 4.5 0 0 1 12 7a4.5 4.5 0 0 1 9 1.5C21 11 19 14 12 20z",
    "shield": "M12 3l8 3v5c0 5-3 8-8 10-5-2-8-5-8-10V6zM8 12l3 3 5-6",
    "briefcase": "M3 8h18v12H3zM9 8V4h6v4M3 13h18M12 12v3",
    "trophy": "M7 4h10v6a5 5 0 0 1-10 0zM7 6H3c0 4 1 5 4 5M17 6h4c0 4-1 5-4 5M12 15v4M8 20h8",
    "car": "M3 18v-5l2-1 2-6h10l2 6 2 1v5zM5 12h14M6 18v2M18 18v2M6 15h2M16 15h2",
    "map": "M3 6l6-2 6 2 6-2v14l-6 2-6-2-6 2zM9 4v14M15 6v14",
    "plug": "M8 3v5M16 3v5M5 8h14v3a7 7 0 0 1-14 0zM12 18v4",
    "shop": "M5 12v8h14v-8M3 9l2-5h14l2 5c0 4-6 4-6 0 0 4-6 4-6 0 0 4-6 4-6 0zM10 20v-5h4v5",
    "truck": (
        "M2 6h12v11H2zM14 10h4l4 4v3h-8M6 17a2 2 0 1 1 0 4 2 2 0 0 1 0-4z"
        "M17 17a2 2 0 1 1 0 4 2 2 0 0 1 0-4z"
    ),
    "leaf": "M4 20 14 10M6 17c-3-7 3-13 14-13 0 11-6 17-13 14",
    "droplet": "M12 3c4 5 6 8 6 11a6 6 0 0 1-12 0c0-3 2-6 6-11zM9 15c0 2 1 3 3 3",
    "scale": "M12 3v17M7 20h10M4 6h16M5 6l-3 8h6zM19 6l-3 8h6z",
    "landmark": "M3 20h18M5 20v-8h14v8M5 12c0-5 3-7 7-9 4 2 7 4 7 9M10 20v-4h4v4",
    "message": "M4 4h16v13h-9l-5 4v-4H4zM8 9h8M8 13h5",
}

#: For a name that is not known: a small diamond, never an error.
UNKNOWN = "M12 6l6 6-6 6-6-6z"

#: name → (width, height, path of stitches, a line of 1).
MARKS: dict[str, tuple[int, int, str]] = {
    "on-eki-muyiz": (
        17,
        17,
        "M1 .5h2m.5-.5v5m1-1v2m1 0v2m0 1v2m-1 0v2m.5 1.5h2m-2 1h1m0 1h2m1 0h2m0-1h1m2 1h2"
        "m0-1h1m-2-1h2m-2-3h1m.5-2.5v2m-2-1v2m-1 0v5m-3.5-2.5h2m.5-3.5v2m-1-4v2m-3 0v6m1-7v3"
        "m1-4v3m.5-3.5h6m-.5-2.5v2m-2.5-1.5h1m-1-1h2m-1-3h1m.5-1.5v2m-2.5-2.5h2m-2.5-.5v5"
        "m-1-1v2m-1 0v2m-2.5 .5h1m.5-3.5v3m-2-1v3m-1 0v3m-.5-4.5h1m-1.5 .5v3m-3 0v5m-2.5-.5h2"
        "m-3-1h1m-1-1h2m-1-3h1m.5-1.5v2m-2-3v2m-.5-2.5h6m.5-3.5v3m1-4v3m2-3v3m.5-4.5h1"
        "m.5-1.5v2m-2.5-2.5h2m-2.5-.5v6m-2.5-3.5h1m-1-2h2m-2.5 .5v2m-4.5-.5h1m0 4h1m-2-1h2"
        "m-2.5 .5v2m0-7v2",
    ),
    "segiz-muyiz": (
        13,
        13,
        "M4 .5h2m.5-.5v13m.5-.5h2m0-1h1m-2-1h2m.5-2.5v2m.5-.5h1m.5-2.5v2m0-5v2m-2.5-1.5h1"
        "m-1-1h2m-4-1h1m.5-1.5v2m-2.5 2.5h1m-1 1h6m-6 1h1m-3 0h1m-1-2h1m-2-3h1m-1.5-1.5v2"
        "m-1.5 1.5h1m-2-1h2m-2.5 .5v2m-.5 .5h6m-3.5 1.5v2m.5 .5h2m-2 1h1m0 1h2m-5-3h1"
        "m-1.5-2.5v2m6.5-8.5h2",
    ),
    "qos-muyiz": (
        13,
        10,
        "M1 .5h3m0 1h1m.5 .5v2m1 0v6m1-4v3m.5-1.5h1m-3.5-1.5v3m-1.5-1.5h1m2.5-5.5v2m.5-2.5h1"
        "m1 1h1m0 1h1m.5-2.5v3m-3.5-3.5h3m-10 2h1m-2 1h1m-1.5-2.5v3",
    ),
    "garga-tirnaq": (
        11,
        9,
        "M.5 0v2m1-1v2m1-1v2m1-1v2m1-1v2m2-2v2m-.5 2.5h2m-5 0h2m2.5-5.5v2m1-3v2m1-3v2m1-3v2m-5-2v9",
    ),
    "gaz-moyin": (
        11,
        11,
        "M1 .5h4m.5 .5v9m.5 .5h4m.5-3.5v3m-2.5-1.5h1m-1.5-1.5v2m.5-2.5h2m-7-3h1m-3 1h2m-1-2h2"
        "m-3.5-1.5v3",
    ),
    "qus-tili": (
        13,
        13,
        "M6 .5h1m-2 1h3m1 3h2m-1 1h2m-1 1h2m-1 1h1m-7 0h1m-2 1h3m-1 2h3m-2 1h3m-2 1h2m-9 0h2"
        "m0-3h5m-6 1h3m-4 1h3m1-6h1m-2-1h3m-4-2h5m-6 1h7m-8 1h2m-3 1h2m-3 1h2m-2 1h1",
    ),
    "iyt-taban": (
        11,
        11,
        "M1.5 0v4m0 3v4m1-4v4m1-3v2m-3-2v2m3.5-4.5h1m.5-1.5v3m.5-1.5h1m.5 2.5v2m1-3v4m1-4v4"
        "m1-3v2m0-9v2m-1-3v4m-2-3v2m1-3v4m-5-3v2m-1-3v4m-2-3v2",
    ),
    "diamond": (
        11,
        11,
        "M4 .5h3m-1 1h2m-1 1h2m-1 1h2m.5 .5v3m-1-1v2m-1-1v2m-1-1v2m-1.5-.5h1m-3 1h3m-3-1h1"
        "m-1.5-1.5v2m-1-3v2m.5-3.5h1m.5-1.5v3m-3-1v2m-.5-3.5h1m-1-1h2m-1-1h2m1.5 .5v5m1-4v3"
        "m.5-1.5h1m1-1h1m-7-3h2m-4.5 2.5v3",
    ),
    "zigzag": (
        13,
        10,
        "M.5 0v2m1-1v2m.5 .5h3m-2 1h1m0-2h2m1 0h2m-1 1h3m-2 1h1m0-2h1m.5-1.5v2m1 2v2m-1-1v2"
        "m-1.5-.5h1m-3 1h3m-2 1h1m-3-2h2m-3-2h1m-2 1h3m-4 1h2m-4 0h1m0 2h1m-2-1h3m-3.5-2.5v2"
        "m-1-3v2m1.5-4.5h1m2-1h3m-2-1h1m5.5-.5v2",
    ),
}
