/*
 * HTML: tamed, parsed by gumbo, and its tree walked without recursion. The
 * parser does not survive a failed allocation, so that all it may need is
 * obtained before it starts; and its tree is never destroyed node by node,
 * which would recurse, but given back whole.
 */
#include "indexer/extract/html.h"

#include <gumbo.h>

#include "common/base/fail.h"
#include "indexer/extract/ascii.h"
#include "indexer/extract/format.h"
#include "indexer/extract/html_tame.h"

/* What gumbo asks for: about twice what the worst input that was found for
   each took (375 bytes for a tag without attributes, 1950 for one of 98 bytes
   with all the attributes that are let through, 4.3 for a byte of text). The
   test html_memory__fails_cleanly crashes when it is too little. */
#define POOL_BASE ((size_t)64 << 10)
#define POOL_PER_TAG 768u
#define POOL_PER_BYTE 24u

typedef enum kind {
    KIND_INLINE,
    KIND_BLOCK,
    KIND_CELL,
    KIND_BREAK,
    KIND_PRE,
    KIND_DROP,
    KIND_NAVIGATION,
    KIND_TITLE,
    KIND_HEADING, /* h1 */
    KIND_IMAGE,
    KIND_META,
    KIND_TIME,
    KIND_SUP,
    KIND_ROOT
} kind;

static const unsigned char kinds[GUMBO_TAG_LAST + 1] = {
    [GUMBO_TAG_HTML] = KIND_ROOT,         [GUMBO_TAG_TITLE] = KIND_TITLE,
    [GUMBO_TAG_META] = KIND_META,         [GUMBO_TAG_TIME] = KIND_TIME,
    [GUMBO_TAG_IMG] = KIND_IMAGE,         [GUMBO_TAG_SUP] = KIND_SUP,
    [GUMBO_TAG_BR] = KIND_BREAK,          [GUMBO_TAG_HR] = KIND_BREAK,
    [GUMBO_TAG_TD] = KIND_CELL,           [GUMBO_TAG_TH] = KIND_CELL,
    [GUMBO_TAG_PRE] = KIND_PRE,           [GUMBO_TAG_LISTING] = KIND_PRE,
    [GUMBO_TAG_TEMPLATE] = KIND_DROP,     [GUMBO_TAG_NAV] = KIND_NAVIGATION,
    [GUMBO_TAG_FOOTER] = KIND_NAVIGATION, [GUMBO_TAG_H1] = KIND_HEADING,
    [GUMBO_TAG_H2] = KIND_BLOCK,          [GUMBO_TAG_H3] = KIND_BLOCK,
    [GUMBO_TAG_H4] = KIND_BLOCK,          [GUMBO_TAG_H5] = KIND_BLOCK,
    [GUMBO_TAG_H6] = KIND_BLOCK,          [GUMBO_TAG_P] = KIND_BLOCK,
    [GUMBO_TAG_DIV] = KIND_BLOCK,         [GUMBO_TAG_BODY] = KIND_BLOCK,
    [GUMBO_TAG_ADDRESS] = KIND_BLOCK,     [GUMBO_TAG_ARTICLE] = KIND_BLOCK,
    [GUMBO_TAG_ASIDE] = KIND_BLOCK,       [GUMBO_TAG_BLOCKQUOTE] = KIND_BLOCK,
    [GUMBO_TAG_CAPTION] = KIND_BLOCK,     [GUMBO_TAG_CENTER] = KIND_BLOCK,
    [GUMBO_TAG_DD] = KIND_BLOCK,          [GUMBO_TAG_DETAILS] = KIND_BLOCK,
    [GUMBO_TAG_DIR] = KIND_BLOCK,         [GUMBO_TAG_DL] = KIND_BLOCK,
    [GUMBO_TAG_DT] = KIND_BLOCK,          [GUMBO_TAG_FIELDSET] = KIND_BLOCK,
    [GUMBO_TAG_FIGCAPTION] = KIND_BLOCK,  [GUMBO_TAG_FIGURE] = KIND_BLOCK,
    [GUMBO_TAG_HEADER] = KIND_BLOCK,      [GUMBO_TAG_HGROUP] = KIND_BLOCK,
    [GUMBO_TAG_LI] = KIND_BLOCK,          [GUMBO_TAG_MAIN] = KIND_BLOCK,
    [GUMBO_TAG_MENU] = KIND_BLOCK,        [GUMBO_TAG_OL] = KIND_BLOCK,
    [GUMBO_TAG_SECTION] = KIND_BLOCK,     [GUMBO_TAG_SUMMARY] = KIND_BLOCK,
    [GUMBO_TAG_TABLE] = KIND_BLOCK,       [GUMBO_TAG_TR] = KIND_BLOCK,
    [GUMBO_TAG_UL] = KIND_BLOCK,
};

typedef struct pool {
    uint8_t *block;
    size_t size;
    uint8_t *at; /* free from here on */
    pc_arena spare;
} pool;

typedef struct reader {
    pi_sink *sink;
    pi_extract *out;
    pc_arena *arena;
    parasol_error *err;
    bool keep_navigation;
    bool left_navigation; /* some was passed over */
    bool is_part;         /* of another format */
    unsigned pre;
    bool in_note;      /* the next letters are raised: a footnote perhaps */
    size_t heading_at; /* where the text of the first h1 starts */
    pc_str title;
    pc_str heading;
    pc_str time;
} reader;

static void *pool_get(void *user, size_t size)
{
    pool *p = user;
    size = (size + 15) & ~(size_t)15;
    if (size <= p->size - (size_t)(p->at - p->block)) {
        void *got = p->at;
        p->at += size;
        return got;
    }
    return pc_arena_alloc(&p->spare, size);
}

static void pool_put(void *user, void *ptr)
{
    PC_UNUSED(user);
    PC_UNUSED(ptr);
}

static pc_str attribute_of(const GumboNode *node, const char *name)
{
    const GumboAttribute *a =
        gumbo_get_attribute(&node->v.element.attributes, name);
    return a ? pc_str_of(a->value) : PC_STR_LIT("");
}

static int take_meta(reader *r, const GumboNode *node)
{
    static const char *const wanted[] = {"author",
                                         "date",
                                         "description",
                                         "keywords",
                                         "kind",
                                         "source",
                                         "dc.date",
                                         "dc.creator",
                                         "dc.source",
                                         "dc.description",
                                         "dc.language",
                                         "dcterms.date",
                                         "dcterms.created",
                                         "dcterms.creator",
                                         "article:author",
                                         "article:published_time",
                                         "datepublished",
                                         "pubdate",
                                         "lang"};
    pc_str name = attribute_of(node, "name");
    if (name.len == 0)
        name = attribute_of(node, "property");
    if (name.len == 0)
        name = attribute_of(node, "itemprop");
    if (pi_is_nocase(attribute_of(node, "http-equiv"), "content-language"))
        name = PC_STR_LIT("lang");
    for (size_t i = 0; i < PC_COUNTOF(wanted); i++) {
        if (pi_is_nocase(name, wanted[i]))
            return pi_extract_field(r->out, name, attribute_of(node, "content"),
                                    r->arena, r->err);
    }
    return PARASOL_OK;
}

static int take_root(reader *r, const GumboNode *node)
{
    pc_str lang = attribute_of(node, "lang");
    if (lang.len == 0)
        lang = attribute_of(node, "xml:lang");
    if (lang.len == 0 || r->out->lang.len > 0)
        return PARASOL_OK;
    return pi_extract_field(r->out, PC_STR_LIT("lang"), lang, r->arena, r->err);
}

static void take_text(reader *r, const GumboNode *node)
{
    pc_str text = pc_str_of(node->v.text.text);
    if (r->in_note && text.len > 0 && !pi_is_space(text.ptr[0])) {
        /* "treaty<sup>3</sup>" is no word of seven letters. */
        if (pi_is_digit(text.ptr[0]) || text.ptr[0] == '[')
            pi_sink_gap(r->sink, PI_GAP_SPACE);
        r->in_note = false;
    }
    if (r->pre > 0)
        pi_sink_verbatim(r->sink, text);
    else
        pi_sink_text(r->sink, text);
}

/* Keeps the first of its kind, beyond the life of the tree. */
static int keep_first(reader *r, pc_str *where, pc_str s)
{
    if (where->len > 0 || s.len == 0)
        return PARASOL_OK;
    const char *copy = pc_arena_copy(r->arena, s.ptr, s.len);
    if (!copy)
        return pc_fail_nomem(r->err);
    *where = (pc_str){copy, s.len};
    return PARASOL_OK;
}

/* The text of a title, which is one node. */
static pc_str text_inside(const GumboNode *node)
{
    const GumboVector *children = &node->v.element.children;
    for (unsigned i = 0; i < children->length; i++) {
        const GumboNode *child = children->data[i];
        if (child->type == GUMBO_NODE_TEXT)
            return pc_str_of(child->v.text.text);
    }
    return PC_STR_LIT("");
}

static void take_image(reader *r, const GumboNode *node)
{
    pc_str alt = attribute_of(node, "alt");
    pi_sink_gap(r->sink, PI_GAP_SPACE);
    pi_sink_text(r->sink, alt);
    if (alt.len > 0)
        pi_sink_gap(r->sink, PI_GAP_SPACE);
}

/* Enters an element; *inside is false when its content is passed over. */
static int enter(reader *r, const GumboNode *node, bool *inside)
{
    kind k = (kind)kinds[node->v.element.tag];
    *inside = true;
    switch (k) {
    case KIND_INLINE: break;
    case KIND_BLOCK:
    case KIND_BREAK: pi_sink_gap(r->sink, PI_GAP_LINE); break;
    case KIND_CELL: pi_sink_gap(r->sink, PI_GAP_TAB); break;
    case KIND_PRE:
        pi_sink_gap(r->sink, PI_GAP_LINE);
        r->pre++;
        break;
    case KIND_DROP: *inside = false; break;
    case KIND_NAVIGATION:
        pi_sink_gap(r->sink, PI_GAP_LINE);
        *inside = r->keep_navigation;
        r->left_navigation = true;
        break;
    case KIND_TITLE:
        *inside = false;
        return keep_first(r, &r->title, text_inside(node));
    case KIND_HEADING:
        pi_sink_gap(r->sink, PI_GAP_LINE);
        r->heading_at = r->sink->out.len;
        break;
    case KIND_IMAGE: take_image(r, node); break;
    case KIND_META: return take_meta(r, node);
    case KIND_TIME:
        return keep_first(r, &r->time, attribute_of(node, "datetime"));
    case KIND_SUP: r->in_note = true; break;
    case KIND_ROOT: return take_root(r, node);
    }
    return PARASOL_OK;
}

static int leave_heading(reader *r)
{
    const pc_buf *b = &r->sink->out;
    if (r->heading_at >= b->len || b->status)
        return PARASOL_OK;
    pc_str s = {(const char *)b->ptr + r->heading_at, b->len - r->heading_at};
    return pi_has_word(s) ? keep_first(r, &r->heading, s) : PARASOL_OK;
}

static int leave(reader *r, const GumboNode *node)
{
    switch ((kind)kinds[node->v.element.tag]) {
    case KIND_BLOCK:
    case KIND_NAVIGATION: pi_sink_gap(r->sink, PI_GAP_LINE); break;
    case KIND_CELL: pi_sink_gap(r->sink, PI_GAP_TAB); break;
    case KIND_PRE:
        pi_sink_gap(r->sink, PI_GAP_LINE);
        r->pre--;
        break;
    case KIND_HEADING:
        pi_sink_gap(r->sink, PI_GAP_LINE);
        return leave_heading(r);
    case KIND_SUP: r->in_note = false; break;
    case KIND_INLINE:
    case KIND_BREAK:
    case KIND_DROP:
    case KIND_TITLE:
    case KIND_IMAGE:
    case KIND_META:
    case KIND_TIME:
    case KIND_ROOT: break;
    }
    return PARASOL_OK;
}

static bool is_element(const GumboNode *node)
{
    return node->type == GUMBO_NODE_ELEMENT;
}

static const GumboNode *first_child(const GumboNode *node)
{
    const GumboVector *children = &node->v.element.children;
    return children->length > 0 ? children->data[0] : NULL;
}

static const GumboNode *next_sibling(const GumboNode *node)
{
    const GumboVector *all = &node->parent->v.element.children;
    size_t next = node->index_within_parent + 1;
    return next < all->length ? all->data[next] : NULL;
}

static int walk(reader *r, const GumboNode *root)
{
    const GumboNode *node = root;
    int rc = PARASOL_OK;
    for (;;) {
        const GumboNode *down = NULL;
        if (is_element(node)) {
            bool inside;
            rc = enter(r, node, &inside);
            down = inside ? first_child(node) : NULL;
        } else if (node->type == GUMBO_NODE_TEXT ||
                   node->type == GUMBO_NODE_WHITESPACE) {
            take_text(r, node);
        }
        if (rc)
            return rc;
        if (down) {
            node = down;
            continue;
        }
        for (;;) {
            if (is_element(node))
                rc = leave(r, node);
            if (rc || node == root)
                return rc;
            const GumboNode *next = next_sibling(node);
            if (next) {
                node = next;
                break;
            }
            node = node->parent;
        }
    }
}

/* Memory for a tree of so many tags and bytes. */
static int pool_prepare(pool *p, const reader *r, size_t tags, size_t bytes)
{
    size_t size = POOL_BASE + tags * POOL_PER_TAG + bytes * POOL_PER_BYTE;
    if (size > p->size) {
        pc_free(r->arena->mem, p->block);
        p->size = 0;
        p->block = pc_alloc(r->arena->mem, size, 1);
        if (!p->block)
            return pc_fail_nomem(r->err);
        p->size = size;
    }
    p->at = p->block;
    pc_arena_clear(&p->spare);
    return PARASOL_OK;
}

static int read_piece(reader *r, pool *p, const pc_buf *tame, size_t tags)
{
    GumboOptions options = kGumboDefaultOptions;
    int rc = pool_prepare(p, r, tags, tame->len);
    if (rc)
        return rc;
    options.allocator = pool_get;
    options.deallocator = pool_put;
    options.userdata = p;
    options.max_errors = 0;
    const GumboOutput *tree =
        gumbo_parse_with_options(&options, (const char *)tame->ptr, tame->len);
    r->pre = 0;
    r->in_note = false;
    return walk(r, tree->root);
}

/* Reads all pieces into the sink. */
static int read_pieces(reader *r, pc_str html)
{
    pi_html_tamer tamer;
    size_t tags;
    pool p = {0};
    pc_buf tame;
    int rc = PARASOL_OK;
    pc_buf_init(&tame, r->arena->mem);
    pc_arena_init(&p.spare, r->arena->mem, 0);
    pi_html_tame_init(&tamer, html);
    while (!rc && pi_html_tame_next(&tamer, &tame, &tags)) {
        rc = tame.status ? pc_fail_nomem(r->err)
                         : read_piece(r, &p, &tame, tags);
    }
    if (!rc && r->sink->out.status)
        rc = pc_fail_nomem(r->err);
    pc_free(r->arena->mem, p.block);
    pc_arena_release(&p.spare);
    pc_buf_release(&tame);
    return rc;
}

static int parse(reader *r, pc_str html)
{
    int rc = read_pieces(r, html);
    if (rc)
        return rc;
    if (!r->is_part && r->left_navigation &&
        !pi_has_word(pc_buf_str(&r->sink->out))) {
        /* All is navigation, or lies behind some that never ends: better
           than nothing. */
        r->keep_navigation = true;
        r->out->meta_count = 0;
        pc_buf_clear(&r->sink->out);
        rc = read_pieces(r, html);
    }
    if (!rc && r->out->title.len == 0)
        rc = pi_extract_title(r->out, r->title, r->arena, r->err);
    if (!rc && r->out->title.len == 0)
        rc = pi_extract_title(r->out, r->heading, r->arena, r->err);
    if (!rc && r->out->date.len == 0 && !r->is_part && r->time.len > 0)
        rc = pi_extract_field(r->out, PC_STR_LIT("date"), r->time, r->arena,
                              r->err);
    return rc;
}

int pi_html_into(pi_sink *sink, pi_extract *out, pc_str html, pc_arena *arena,
                 parasol_error *err)
{
    reader r = {
        .sink = sink, .out = out, .arena = arena, .err = err, .is_part = true};
    pi_sink_gap(sink, PI_GAP_LINE);
    int rc = parse(&r, html);
    pi_sink_gap(sink, PI_GAP_LINE);
    return rc;
}

int pi_html_reference(pi_sink *sink, pc_str reference, pc_arena *arena,
                      parasol_error *err)
{
    static const struct {
        const char *name;
        const char *text;
    } common[] = {{"&amp;", "&"},   {"&lt;", "<"},   {"&gt;", ">"},
                  {"&quot;", "\""}, {"&nbsp;", " "}, {"&#39;", "'"}};
    for (size_t i = 0; i < PC_COUNTOF(common); i++) {
        if (pc_str_eq(reference, pc_str_of(common[i].name))) {
            pi_sink_text(sink, pc_str_of(common[i].text));
            return PARASOL_OK;
        }
    }
    /* The parser knows all two thousand of them. */
    pi_extract ignored = {0};
    pi_sink one;
    pi_sink_init(&one, arena->mem);
    int rc = pi_html_into(&one, &ignored, reference, arena, err);
    if (!rc)
        pi_sink_text(sink, pc_buf_str(&one.out));
    pi_sink_release(&one);
    return rc;
}

int pi_html_extract(pi_extract *out, pc_str text, pc_arena *arena,
                    parasol_error *err)
{
    pi_sink sink;
    pi_sink_init(&sink, arena->mem);
    reader r = {.sink = &sink, .out = out, .arena = arena, .err = err};
    int rc = parse(&r, text);
    if (!rc)
        rc = pi_extract_text(out, &sink.out, arena, err);
    pi_sink_release(&sink);
    return rc;
}
