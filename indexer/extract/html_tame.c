/*
 * A scanner for tags, comments and raw text as HTML defines them (Living
 * Standard, 13.2.5), which decides of each tag whether the parser sees it.
 */
#include "indexer/extract/html_tame.h"

#include "common/text/utf8.h"
#include "indexer/extract/ascii.h"

#define NAME_MAX_LEN 12u
#define VALUE_MAX ((size_t)64 << 10) /* bytes of a title or an attribute */

typedef enum role {
    ROLE_NONE,   /* inline or unknown: the tag goes, its text stays */
    ROLE_NEST,   /* nests, and counts towards the depth */
    ROLE_LOOSE,  /* closes itself when the next one comes */
    ROLE_WHOLE,  /* no content; kept with its attributes */
    ROLE_MARK,   /* the same, but the parser expects an end tag */
    ROLE_ROOT,   /* html: kept with its attributes, never closed */
    ROLE_BREAK,  /* becomes <br> */
    ROLE_RAW,    /* goes with its content */
    ROLE_TITLE,  /* its content is text whatever is in it */
    ROLE_DRAWING /* svg */
} role;

typedef struct element {
    const char name[NAME_MAX_LEN];
    role role;
} element;

static const element elements[] = {
    {"address", ROLE_NEST},   {"article", ROLE_NEST},
    {"aside", ROLE_NEST},     {"blockquote", ROLE_NEST},
    {"body", ROLE_LOOSE},     {"br", ROLE_WHOLE},
    {"button", ROLE_BREAK},   {"caption", ROLE_LOOSE},
    {"center", ROLE_NEST},    {"dd", ROLE_LOOSE},
    {"details", ROLE_NEST},   {"dialog", ROLE_BREAK},
    {"dir", ROLE_NEST},       {"div", ROLE_NEST},
    {"dl", ROLE_NEST},        {"dt", ROLE_LOOSE},
    {"fieldset", ROLE_NEST},  {"figcaption", ROLE_NEST},
    {"figure", ROLE_NEST},    {"footer", ROLE_NEST},
    {"form", ROLE_BREAK},     {"h1", ROLE_NEST},
    {"h2", ROLE_NEST},        {"h3", ROLE_NEST},
    {"h4", ROLE_NEST},        {"h5", ROLE_NEST},
    {"h6", ROLE_NEST},        {"head", ROLE_LOOSE},
    {"header", ROLE_NEST},    {"hgroup", ROLE_NEST},
    {"hr", ROLE_WHOLE},       {"html", ROLE_ROOT},
    {"iframe", ROLE_RAW},     {"img", ROLE_WHOLE},
    {"legend", ROLE_BREAK},   {"li", ROLE_LOOSE},
    {"listing", ROLE_NEST},   {"main", ROLE_NEST},
    {"menu", ROLE_NEST},      {"meta", ROLE_WHOLE},
    {"nav", ROLE_NEST},       {"noembed", ROLE_RAW},
    {"noscript", ROLE_RAW},   {"ol", ROLE_NEST},
    {"optgroup", ROLE_BREAK}, {"option", ROLE_BREAK},
    {"p", ROLE_LOOSE},        {"pre", ROLE_NEST},
    {"script", ROLE_RAW},     {"section", ROLE_NEST},
    {"select", ROLE_BREAK},   {"style", ROLE_RAW},
    {"summary", ROLE_NEST},   {"sup", ROLE_NEST},
    {"svg", ROLE_DRAWING},    {"table", ROLE_NEST},
    {"tbody", ROLE_LOOSE},    {"td", ROLE_LOOSE},
    {"template", ROLE_NEST},  {"textarea", ROLE_BREAK},
    {"tfoot", ROLE_LOOSE},    {"th", ROLE_LOOSE},
    {"thead", ROLE_LOOSE},    {"time", ROLE_MARK},
    {"title", ROLE_TITLE},    {"tr", ROLE_LOOSE},
    {"ul", ROLE_NEST},
};

#define ELEMENTS PC_COUNTOF(elements)
#define NO_ELEMENT ELEMENTS

typedef struct tag {
    size_t element; /* index, or NO_ELEMENT */
    bool closing;
    bool empty;             /* <x/> */
    const char *attributes; /* behind the name */
} tag;

typedef pi_html_tamer tamer;

_Static_assert(ELEMENTS <= PI_HTML_ELEMENTS, "arrays of the tamer");
_Static_assert(ELEMENTS < 255, "open[] holds indexes as bytes");

static role role_of(const tag *t)
{
    return t->element == NO_ELEMENT ? ROLE_NONE : elements[t->element].role;
}

/* The table is sorted by name. */
static size_t find_element(pc_str name)
{
    char lower[NAME_MAX_LEN];
    if (name.len >= NAME_MAX_LEN)
        return NO_ELEMENT;
    for (size_t i = 0; i < name.len; i++)
        lower[i] = pi_lower(name.ptr[i]);
    lower[name.len] = 0;
    size_t low = 0;
    size_t high = ELEMENTS;
    while (low < high) {
        size_t mid = (low + high) / 2;
        int c = strcmp(elements[mid].name, lower);
        if (c == 0)
            return mid;
        if (c < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return NO_ELEMENT;
}

static const char *find_byte(const char *p, const char *end, char c)
{
    const char *hit = p < end ? memchr(p, c, (size_t)(end - p)) : NULL;
    return hit ? hit : end;
}

typedef struct attribute {
    pc_str name;
    pc_str value; /* as written, without its quotes */
} attribute;

typedef enum attr_step { ATTR_ONE, ATTR_END, ATTR_NEVER_ENDS } attr_step;

static const char *skip_space(const char *p, const char *end)
{
    while (p < end && pi_is_space(*p))
        p++;
    return p;
}

/* The value behind a =; p moves behind it. */
static pc_str take_value(const char **p, const char *end)
{
    const char *start = skip_space(*p, end);
    const char *at = start;
    if (start < end && (*start == '"' || *start == '\'')) {
        at = find_byte(start + 1, end, *start);
        *p = at < end ? at + 1 : at;
        return (pc_str){start + 1, (size_t)(at - start) - 1};
    }
    while (at < end && *at != '>' && !pi_is_space(*at))
        at++;
    *p = at;
    return (pc_str){start, (size_t)(at - start)};
}

/* The next attribute of a tag, from behind its name; at its end *p is behind
   the >, and *empty tells whether a slash stood before that. */
static attr_step next_attribute(const char **p, const char *end, attribute *a,
                                bool *empty)
{
    const char *at = *p;
    *empty = false;
    while (at < end && (*at == '/' || pi_is_space(*at))) {
        *empty = *at == '/';
        at++;
    }
    if (at == end)
        return ATTR_NEVER_ENDS;
    if (*at == '>') {
        *p = at + 1;
        return ATTR_END;
    }
    const char *name = at++; /* even a = may begin a name */
    while (at < end && *at != '=' && *at != '>' && *at != '/' &&
           !pi_is_space(*at))
        at++;
    a->name = (pc_str){name, (size_t)(at - name)};
    a->value = (pc_str){at, 0};
    const char *equals = skip_space(at, end);
    if (equals < end && *equals == '=') {
        at = equals + 1;
        a->value = take_value(&at, end);
    }
    *p = at;
    return ATTR_ONE;
}

/* Scans the tag at w->p, which is known to be one; false at the end. */
static bool scan_tag(tamer *w, tag *t)
{
    const char *name = w->p + 1;
    t->closing = *name == '/';
    name += t->closing;
    const char *p = name;
    while (p < w->end && *p != '>' && *p != '/' && !pi_is_space(*p))
        p++;
    t->element = find_element((pc_str){name, (size_t)(p - name)});
    t->empty = false;
    t->attributes = p;
    attribute a;
    attr_step step;
    do
        step = next_attribute(&p, w->end, &a, &t->empty);
    while (step == ATTR_ONE);
    w->p = step == ATTR_END ? p : w->end;
    return step == ATTR_END;
}

/* Behind a comment whose <!-- ends at p. */
static const char *end_of_comment(const char *p, const char *end)
{
    if (p < end && *p == '>')
        return p + 1;
    if (end - p >= 2 && p[0] == '-' && p[1] == '>')
        return p + 2;
    for (;;) {
        p = find_byte(p, end, '-');
        if (end - p < 3)
            return end;
        if (p[1] == '-' && p[2] == '>')
            return p + 3;
        if (p[1] == '-' && p[2] == '!' && end - p > 3 && p[3] == '>')
            return p + 4;
        p++;
    }
}

/* The end tag of `e` from p on: its <, or NULL. */
static const char *find_end_tag(const tamer *w, const char *p, size_t e)
{
    pc_str name = pc_str_of(elements[e].name);
    for (;;) {
        p = find_byte(p, w->end, '<');
        if ((size_t)(w->end - p) < name.len + 3)
            return NULL;
        pc_str here = {p + 2, (size_t)(w->end - p) - 2};
        char after = p[2 + name.len];
        if (p[1] == '/' && pi_eq_nocase(here, name, name.len) &&
            (after == '>' || after == '/' || pi_is_space(after)))
            return p;
        p++;
    }
}

/* The attributes that say something, each once, so that the parser need not
   compare thousands of them with each other. */
static void emit_attributes(tamer *w, const tag *t)
{
    static const char *const wanted[] = {"alt",        "content",  "datetime",
                                         "http-equiv", "itemprop", "lang",
                                         "name",       "property", "xml:lang"};
    const char *p = t->attributes;
    unsigned seen = 0;
    attribute a;
    bool empty;
    while (next_attribute(&p, w->end, &a, &empty) == ATTR_ONE) {
        size_t i = 0;
        while (i < PC_COUNTOF(wanted) && !pi_is_nocase(a.name, wanted[i]))
            i++;
        if (i == PC_COUNTOF(wanted) || (seen & 1u << i))
            continue;
        seen |= 1u << i;
        pc_buf_put_u8(w->out, ' ');
        pc_buf_put_z(w->out, wanted[i]);
        pc_buf_put_z(w->out, "=\"");
        pc_str value = pc_utf8_cut(a.value, VALUE_MAX);
        for (size_t k = 0; k < value.len; k++) {
            if (value.ptr[k] == '"')
                pc_buf_put_z(w->out, "&quot;");
            else
                pc_buf_put_u8(w->out, (uint8_t)value.ptr[k]);
        }
        pc_buf_put_u8(w->out, '"');
    }
}

static void emit_tag(tamer *w, const tag *t)
{
    role r = role_of(t);
    w->tags++;
    pc_buf_put_z(w->out, t->closing ? "</" : "<");
    pc_buf_put_z(w->out, elements[t->element].name);
    if (r == ROLE_WHOLE || r == ROLE_MARK || r == ROLE_ROOT)
        emit_attributes(w, t);
    pc_buf_put_u8(w->out, '>');
}

static void open_nest(tamer *w, const tag *t)
{
    if (w->depth == PI_HTML_DEPTH) {
        w->too_deep++;
        return;
    }
    w->open[w->depth++] = (unsigned char)t->element;
    w->open_count[t->element]++;
    emit_tag(w, t);
}

/* Closes the innermost element of that name with all inside it, as the
   parser will; an end tag without a start tag goes. */
static void close_nest(tamer *w, const tag *t)
{
    if (w->too_deep > 0) {
        w->too_deep--;
        return;
    }
    if (w->open_count[t->element] == 0)
        return;
    size_t e;
    do {
        e = w->open[--w->depth];
        w->open_count[e]--;
    } while (e != t->element);
    emit_tag(w, t);
}

/* Drops an element with its content. Without an end tag a script or style
   lasts to the end, as in a browser; of others only the tag goes. */
static void drop_raw(tamer *w, const tag *t)
{
    const char *close =
        w->endless[t->element] ? NULL : find_end_tag(w, w->p, t->element);
    if (close) {
        w->p = close;
        return;
    }
    w->endless[t->element] = true;
    pc_str name = pc_str_of(elements[t->element].name);
    if (pc_str_eq(name, PC_STR_LIT("script")) ||
        pc_str_eq(name, PC_STR_LIT("style")))
        w->p = w->end;
}

static void keep_title(tamer *w, const tag *t)
{
    const char *close =
        w->endless[t->element] ? NULL : find_end_tag(w, w->p, t->element);
    if (!close) {
        w->endless[t->element] = true;
        return;
    }
    emit_tag(w, t);
    pc_str text = {w->p, (size_t)(close - w->p)};
    pc_buf_put_str(w->out, pc_utf8_cut(text, VALUE_MAX));
    pc_buf_put_z(w->out, "</title>");
    w->p = close;
}

/* True while a drawing goes on: nothing of it is kept but what breaks out
   of it, which is every tag that the parser sees. */
static bool in_drawing(tamer *w, const tag *t)
{
    role r = role_of(t);
    if (w->drawing == 0 || r == ROLE_RAW)
        return false;
    if (r == ROLE_DRAWING) {
        if (t->closing)
            w->drawing--;
        else if (!t->empty)
            w->drawing++;
        return true;
    }
    if (r == ROLE_NONE || r == ROLE_TITLE || t->closing)
        return true;
    w->drawing = 0;
    return false;
}

static void take_tag(tamer *w, const tag *t)
{
    if (in_drawing(w, t))
        return;
    switch (role_of(t)) {
    case ROLE_NONE: break;
    case ROLE_NEST:
        if (t->closing)
            close_nest(w, t);
        else
            open_nest(w, t);
        break;
    case ROLE_LOOSE: emit_tag(w, t); break;
    case ROLE_WHOLE:
    case ROLE_ROOT:
        if (!t->closing)
            emit_tag(w, t);
        break;
    case ROLE_MARK:
        if (t->closing)
            break;
        emit_tag(w, t);
        pc_buf_put_z(w->out, "</");
        pc_buf_put_z(w->out, elements[t->element].name);
        pc_buf_put_u8(w->out, '>');
        break;
    case ROLE_BREAK:
        pc_buf_put_z(w->out, "<br>");
        w->tags++;
        break;
    case ROLE_RAW:
        if (!t->closing)
            drop_raw(w, t);
        break;
    case ROLE_TITLE:
        if (!t->closing)
            keep_title(w, t);
        break;
    case ROLE_DRAWING:
        if (!t->closing && !t->empty)
            w->drawing = 1;
        break;
    }
}

/* How full the piece is: 0, 1 (end it at a block), 2 (end it). */
static unsigned fullness(const tamer *w)
{
    size_t bytes = w->out->len / PI_HTML_PIECE_BYTES;
    size_t tags = w->tags / PI_HTML_PIECE_TAGS;
    size_t most = bytes > tags ? bytes : tags;
    return most > 2 ? 2 : (unsigned)most;
}

/* At a tag; false, with the tag still to come, when the piece ends here. */
static bool take_or_end(tamer *w)
{
    const char *start = w->p;
    tag t;
    if (!scan_tag(w, &t))
        return true;
    role r = role_of(&t);
    if (fullness(w) == 1 && !t.closing && (r == ROLE_NEST || r == ROLE_LOOSE)) {
        w->p = start;
        return false;
    }
    take_tag(w, &t);
    return true;
}

/* At a < : a tag, a comment, or a letter. False when the piece ends here. */
static bool take_markup(tamer *w)
{
    size_t left = (size_t)(w->end - w->p);
    char next = left > 1 ? w->p[1] : 0;
    char third = left > 2 ? w->p[2] : 0;
    if (pi_is_alpha(next) || (next == '/' && pi_is_alpha(third)))
        return take_or_end(w);
    if (next == '!' && left > 3 && third == '-' && w->p[3] == '-') {
        w->p = end_of_comment(w->p + 4, w->end);
    } else if (next == '!' || next == '?' || (next == '/' && left > 2)) {
        w->p = find_byte(w->p, w->end, '>');
        w->p += w->p < w->end;
    } else {
        w->p++;
        if (w->drawing == 0)
            pc_buf_put_z(w->out, "&lt;");
    }
    return true;
}

/* Text up to the next < or as much of it as the piece should hold, cut
   between words if there are any. */
static void take_text(tamer *w)
{
    const char *lt = find_byte(w->p, w->end, '<');
    pc_str text = {w->p, (size_t)(lt - w->p)};
    if (text.len > PI_HTML_PIECE_BYTES) {
        text = pc_utf8_cut(text, PI_HTML_PIECE_BYTES);
        size_t n = text.len;
        while (n > 0 && !pi_is_space(text.ptr[n - 1]))
            n--;
        text.len = n > 0 ? n : text.len;
    }
    if (w->drawing == 0)
        pc_buf_put_str(w->out, text);
    w->p += text.len;
}

void pi_html_tame_init(pi_html_tamer *w, pc_str in)
{
    *w = (pi_html_tamer){.p = in.ptr, .end = in.ptr};
    if (in.len > 0)
        w->end += in.len;
}

bool pi_html_tame_next(pi_html_tamer *w, pc_buf *out, size_t *tags)
{
    pc_buf_clear(out);
    *tags = 0;
    if (w->p == w->end)
        return false;
    w->out = out;
    pc_buf_put_z(out, "<!DOCTYPE html>");
    for (unsigned i = 0; i < w->depth; i++) {
        pc_buf_put_u8(out, '<');
        pc_buf_put_z(out, elements[w->open[i]].name);
        pc_buf_put_u8(out, '>');
    }
    w->tags = w->depth;
    while (w->p < w->end && out->status == PARASOL_OK && fullness(w) < 2) {
        if (*w->p != '<')
            take_text(w);
        else if (!take_markup(w))
            break;
    }
    *tags = w->tags;
    return true;
}
