"""The media type of a file in a package, by its ending alone: a fixed list, the same on every machine. Pure.

No charset is said: old packages name their own in the page, and ours would win over it."""

PLAIN = "application/octet-stream"
MEDIA_TYPES = {
    "html": "text/html", "htm": "text/html", "xhtml": "application/xhtml+xml",
    "js": "text/javascript", "mjs": "text/javascript", "css": "text/css",
    "json": "application/json", "map": "application/json", "xml": "application/xml", "xsd": "application/xml",
    "dtd": "application/xml-dtd", "xsl": "application/xml", "xslt": "application/xml", "txt": "text/plain",
    "csv": "text/csv", "vtt": "text/vtt", "srt": "text/plain",
    "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif", "webp": "image/webp",
    "avif": "image/avif", "svg": "image/svg+xml", "ico": "image/x-icon", "bmp": "image/bmp", "cur": "image/x-icon",
    "mp4": "video/mp4", "m4v": "video/mp4", "webm": "video/webm", "ogv": "video/ogg", "mov": "video/quicktime",
    "mp3": "audio/mpeg", "m4a": "audio/mp4", "aac": "audio/aac", "ogg": "audio/ogg", "oga": "audio/ogg", "wav": "audio/wav",
    "m3u8": "application/vnd.apple.mpegurl", "ts": "video/mp2t",
    "woff": "font/woff", "woff2": "font/woff2", "ttf": "font/ttf", "otf": "font/otf", "eot": "application/vnd.ms-fontobject",
    "pdf": "application/pdf", "wasm": "application/wasm", "zip": "application/zip", "swf": "application/x-shockwave-flash",
    "doc": "application/msword", "xls": "application/vnd.ms-excel", "ppt": "application/vnd.ms-powerpoint",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}  # fmt: skip


def media_type_of(path: str) -> str:
    """What a browser is told that a file is. Pages of ours are never served beside it, so nothing in it can act as one."""
    return MEDIA_TYPES.get(path.rpartition(".")[2].lower(), PLAIN)
