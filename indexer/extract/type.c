/*
 * Magic numbers win over names; a name that promises a binary format loses
 * against bytes that are plainly text.
 */
#include "indexer/extract/type.h"

#include "indexer/extract/ascii.h"

#define SNIFF 2048u

typedef struct magic {
    const char *bytes;
    unsigned char len;
    unsigned char off;
    pi_format format;
    const char *what;
} magic;

static const magic magics[] = {
    {"%PDF-", 5, 0, PI_FORMAT_LATER, "PDF"},
    {"%!PS", 4, 0, PI_FORMAT_LATER, "PostScript"},
    {"{\\rtf", 5, 0, PI_FORMAT_LATER, "RTF"},
    {"\xd0\xcf\x11\xe0", 4, 0, PI_FORMAT_LATER, "office document"},
    {"AT&TFORM", 8, 0, PI_FORMAT_LATER, "DjVu"},
    {"\x1f\x8b", 2, 0, PI_FORMAT_LATER, "gzip-compressed text"},
    {"PK\x03\x04", 4, 0, PI_FORMAT_BINARY, "ZIP archive"},
    {"PK\x05\x06", 4, 0, PI_FORMAT_BINARY, "ZIP archive"},
    {"\xfd"
     "7zXZ",
     5, 0, PI_FORMAT_BINARY, "XZ-compressed file"},
    {"BZh", 3, 0, PI_FORMAT_BINARY, "bzip2-compressed file"},
    {"\x28\xb5\x2f\xfd", 4, 0, PI_FORMAT_BINARY, "Zstandard-compressed file"},
    {"7z\xbc\xaf", 4, 0, PI_FORMAT_BINARY, "7z archive"},
    {"Rar!\x1a\x07", 6, 0, PI_FORMAT_BINARY, "RAR archive"},
    {"\x89PNG", 4, 0, PI_FORMAT_BINARY, "PNG image"},
    {"\xff\xd8\xff", 3, 0, PI_FORMAT_BINARY, "JPEG image"},
    {"GIF8", 4, 0, PI_FORMAT_BINARY, "GIF image"},
    {"II*\0", 4, 0, PI_FORMAT_BINARY, "TIFF image"},
    {"MM\0*", 4, 0, PI_FORMAT_BINARY, "TIFF image"},
    {"WEBP", 4, 8, PI_FORMAT_BINARY, "WebP image"},
    {"ftyp", 4, 4, PI_FORMAT_BINARY, "video"},
    {"OggS", 4, 0, PI_FORMAT_BINARY, "audio"},
    {"fLaC", 4, 0, PI_FORMAT_BINARY, "audio"},
    {"ID3", 3, 0, PI_FORMAT_BINARY, "audio"},
    {"wOFF", 4, 0, PI_FORMAT_BINARY, "font"},
    {"wOF2", 4, 0, PI_FORMAT_BINARY, "font"},
    {"\x7f"
     "ELF",
     4, 0, PI_FORMAT_BINARY, "program"},
    {"\xca\xfe\xba\xbe", 4, 0, PI_FORMAT_BINARY, "program"},
    {"!<arch>\n", 8, 0, PI_FORMAT_BINARY, "archive"},
    {"SQLite format 3", 15, 0, PI_FORMAT_BINARY, "SQLite database"},
};

typedef struct suffix {
    const char *ext;
    pi_format format;
    const char *what;
} suffix;

/* Formats that are text, so that their bytes do not tell. */
static const suffix text_suffixes[] = {
    {"txt", PI_FORMAT_PLAIN, "text"},
    {"text", PI_FORMAT_PLAIN, "text"},
    {"rst", PI_FORMAT_PLAIN, "text"},
    {"adoc", PI_FORMAT_PLAIN, "text"},
    {"org", PI_FORMAT_PLAIN, "text"},
    {"log", PI_FORMAT_PLAIN, "text"},
    {"md", PI_FORMAT_MARKDOWN, "Markdown"},
    {"markdown", PI_FORMAT_MARKDOWN, "Markdown"},
    {"mkd", PI_FORMAT_MARKDOWN, "Markdown"},
    {"html", PI_FORMAT_HTML, "HTML"},
    {"htm", PI_FORMAT_HTML, "HTML"},
    {"xhtml", PI_FORMAT_HTML, "HTML"},
    {"xht", PI_FORMAT_HTML, "HTML"},
    {"c", PI_FORMAT_SOURCE, "source"},
    {"h", PI_FORMAT_SOURCE, "source"},
    {"cc", PI_FORMAT_SOURCE, "source"},
    {"cpp", PI_FORMAT_SOURCE, "source"},
    {"cxx", PI_FORMAT_SOURCE, "source"},
    {"hpp", PI_FORMAT_SOURCE, "source"},
    {"hh", PI_FORMAT_SOURCE, "source"},
    {"cs", PI_FORMAT_SOURCE, "source"},
    {"go", PI_FORMAT_SOURCE, "source"},
    {"rs", PI_FORMAT_SOURCE, "source"},
    {"java", PI_FORMAT_SOURCE, "source"},
    {"kt", PI_FORMAT_SOURCE, "source"},
    {"js", PI_FORMAT_SOURCE, "source"},
    {"mjs", PI_FORMAT_SOURCE, "source"},
    {"ts", PI_FORMAT_SOURCE, "source"},
    {"css", PI_FORMAT_SOURCE, "source"},
    {"py", PI_FORMAT_SOURCE, "source"},
    {"pl", PI_FORMAT_SOURCE, "source"},
    {"pm", PI_FORMAT_SOURCE, "source"},
    {"rb", PI_FORMAT_SOURCE, "source"},
    {"php", PI_FORMAT_SOURCE, "source"},
    {"lua", PI_FORMAT_SOURCE, "source"},
    {"awk", PI_FORMAT_SOURCE, "source"},
    {"sh", PI_FORMAT_SOURCE, "source"},
    {"bash", PI_FORMAT_SOURCE, "source"},
    {"sql", PI_FORMAT_SOURCE, "source"},
    {"cocci", PI_FORMAT_SOURCE, "source"},
    {"tex", PI_FORMAT_SOURCE, "source"},
    {"bib", PI_FORMAT_SOURCE, "source"},
    {"json", PI_FORMAT_SOURCE, "data"},
    {"jsonl", PI_FORMAT_SOURCE, "data"},
    {"xml", PI_FORMAT_SOURCE, "data"},
    {"yaml", PI_FORMAT_SOURCE, "data"},
    {"yml", PI_FORMAT_SOURCE, "data"},
    {"toml", PI_FORMAT_SOURCE, "data"},
    {"ini", PI_FORMAT_SOURCE, "data"},
    {"cfg", PI_FORMAT_SOURCE, "data"},
    {"conf", PI_FORMAT_SOURCE, "data"},
    {"csv", PI_FORMAT_SOURCE, "data"},
    {"tsv", PI_FORMAT_SOURCE, "data"},
    {"cmake", PI_FORMAT_SOURCE, "source"},
    {"mk", PI_FORMAT_SOURCE, "source"},
    {"eml", PI_FORMAT_LATER, "mail"},
    {"mbox", PI_FORMAT_LATER, "mail"},
    {"ps", PI_FORMAT_LATER, "PostScript"},
    {"eps", PI_FORMAT_BINARY, "EPS image"},
    {"rtf", PI_FORMAT_LATER, "RTF"},
    {"svg", PI_FORMAT_BINARY, "SVG image"},
    {"xpm", PI_FORMAT_BINARY, "XPM image"},
    {"mht", PI_FORMAT_LATER, "web archive"},
    {"mhtml", PI_FORMAT_LATER, "web archive"},
    {"fodt", PI_FORMAT_LATER, "office document"},
};

/* Formats that are binary: bytes that are text prove the name wrong. */
static const suffix binary_suffixes[] = {
    {"pdf", PI_FORMAT_LATER, "PDF"},
    {"doc", PI_FORMAT_LATER, "office document"},
    {"docx", PI_FORMAT_LATER, "office document"},
    {"docm", PI_FORMAT_LATER, "office document"},
    {"xls", PI_FORMAT_LATER, "office document"},
    {"xlsx", PI_FORMAT_LATER, "office document"},
    {"ppt", PI_FORMAT_LATER, "office document"},
    {"pptx", PI_FORMAT_LATER, "office document"},
    {"odt", PI_FORMAT_LATER, "office document"},
    {"ods", PI_FORMAT_LATER, "office document"},
    {"odp", PI_FORMAT_LATER, "office document"},
    {"epub", PI_FORMAT_LATER, "EPUB"},
    {"msg", PI_FORMAT_LATER, "mail"},
    {"djvu", PI_FORMAT_LATER, "DjVu"},
    {"tar", PI_FORMAT_BINARY, "archive"},
    {"tgz", PI_FORMAT_BINARY, "archive"},
    {"exe", PI_FORMAT_BINARY, "program"},
    {"dll", PI_FORMAT_BINARY, "program"},
    {"so", PI_FORMAT_BINARY, "program"},
    {"o", PI_FORMAT_BINARY, "program"},
    {"a", PI_FORMAT_BINARY, "program"},
    {"pyc", PI_FORMAT_BINARY, "program"},
    {"class", PI_FORMAT_BINARY, "program"},
    {"ico", PI_FORMAT_BINARY, "icon"},
    {"bmp", PI_FORMAT_BINARY, "image"},
    {"ttf", PI_FORMAT_BINARY, "font"},
    {"otf", PI_FORMAT_BINARY, "font"},
    {"mp3", PI_FORMAT_BINARY, "audio"},
    {"wav", PI_FORMAT_BINARY, "audio"},
    {"avi", PI_FORMAT_BINARY, "video"},
    {"mkv", PI_FORMAT_BINARY, "video"},
    {"mo", PI_FORMAT_BINARY, "message catalogue"},
};

pc_str pi_base_name(pc_str name)
{
    for (size_t i = name.len; i > 0; i--) {
        if (name.ptr[i - 1] == '/')
            return (pc_str){name.ptr + i, name.len - i};
    }
    return name;
}

pc_str pi_extension(pc_str name)
{
    pc_str base = pi_base_name(name);
    for (size_t i = base.len; i > 1; i--) {
        if (base.ptr[i - 1] == '.')
            return (pc_str){base.ptr + i, base.len - i};
    }
    return (pc_str){"", 0};
}

static const suffix *find_suffix(const suffix *table, size_t n, pc_str ext)
{
    for (size_t i = 0; i < n; i++) {
        if (pi_is_nocase(ext, table[i].ext))
            return &table[i];
    }
    return NULL;
}

static const magic *find_magic(pc_str bytes)
{
    for (size_t i = 0; i < PC_COUNTOF(magics); i++) {
        const magic *m = &magics[i];
        if (bytes.len >= (size_t)m->off + m->len &&
            memcmp(bytes.ptr + m->off, m->bytes, m->len) == 0)
            return m;
    }
    return NULL;
}

/* No byte that text never has, in the first kilobytes. */
static bool is_texty(pc_str bytes)
{
    size_t n = bytes.len < SNIFF ? bytes.len : SNIFF;
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)bytes.ptr[i];
        if (c < 0x07 || (c > 0x0d && c < 0x20 && c != 0x1b))
            return false;
    }
    return true;
}

/* An HTML document says so in its first words. */
static bool sniffs_html(pc_str bytes)
{
    pc_str s = {bytes.ptr, bytes.len < SNIFF ? bytes.len : SNIFF};
    if (pc_str_starts(s, PC_STR_LIT("\xef\xbb\xbf")))
        s = (pc_str){s.ptr + 3, s.len - 3};
    for (;;) {
        s = pi_trim(s);
        bool prologue =
            pi_starts_nocase(s, "<?xml") || pi_starts_nocase(s, "<!--");
        if (!prologue)
            break;
        const char *gt = memchr(s.ptr, '>', s.len);
        if (!gt)
            return false;
        s = (pc_str){gt + 1, s.len - (size_t)(gt + 1 - s.ptr)};
    }
    return pi_starts_nocase(s, "<!doctype html") ||
           pi_starts_nocase(s, "<html");
}

static pi_type type_of_magic(const magic *m, pc_str name)
{
    pc_str ext = pi_extension(name);
    const suffix *b =
        find_suffix(binary_suffixes, PC_COUNTOF(binary_suffixes), ext);
    if (m->bytes[0] == 'P' && m->bytes[1] == 'K' && b &&
        b->format == PI_FORMAT_LATER)
        return (pi_type){b->format, b->what};
    if (m->bytes[0] != '\x1f')
        return (pi_type){m->format, m->what};
    /* gzip: what is inside has the name without the last extension. */
    pc_str inner = pi_base_name(name);
    inner.len -= ext.len > 0 ? ext.len + 1 : 0;
    ext = b ? ext : pi_extension(inner);
    b = find_suffix(binary_suffixes, PC_COUNTOF(binary_suffixes), ext);
    if (b && b->format == PI_FORMAT_BINARY)
        return (pi_type){PI_FORMAT_BINARY, "gzip-compressed file"};
    return (pi_type){m->format, m->what};
}

/* Files whose name alone says that they are for programs. */
static bool is_source_name(pc_str name)
{
    static const char *const names[] = {"makefile",    "gnumakefile",
                                        "makefile.am", "makefile.in",
                                        "dockerfile",  "cmakelists.txt"};
    pc_str base = pi_base_name(name);
    for (size_t i = 0; i < PC_COUNTOF(names); i++) {
        if (pi_is_nocase(base, names[i]))
            return true;
    }
    return false;
}

pi_type pi_type_of(pc_str name, pc_str bytes)
{
    pc_str ext = pi_extension(name);
    const magic *m = find_magic(bytes);
    /* A short magic of letters may open a text too. */
    if (m && (m->len > 3 || !is_texty(bytes)))
        return type_of_magic(m, name);
    if (is_source_name(name))
        return (pi_type){PI_FORMAT_SOURCE, "source"};
    const suffix *t =
        find_suffix(text_suffixes, PC_COUNTOF(text_suffixes), ext);
    if (t && t->format != PI_FORMAT_SOURCE)
        return (pi_type){t->format, t->what};
    const suffix *b =
        find_suffix(binary_suffixes, PC_COUNTOF(binary_suffixes), ext);
    if (b && !is_texty(bytes))
        return (pi_type){b->format, b->what};
    bool may_be_html = !t || pi_is_nocase(ext, "xml");
    if (may_be_html && sniffs_html(bytes))
        return (pi_type){PI_FORMAT_HTML, "HTML"};
    if (t)
        return (pi_type){t->format, t->what};
    if (pc_str_starts(bytes, PC_STR_LIT("#!")) ||
        pc_str_starts(bytes, PC_STR_LIT("<?xml")))
        return (pi_type){PI_FORMAT_SOURCE, "source"};
    return (pi_type){PI_FORMAT_PLAIN, "text"};
}
