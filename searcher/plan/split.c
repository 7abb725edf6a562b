/*
 * Leaves of several words, some of them patterns.
 */
#include "searcher/plan/split.h"

#include "common/text/words.h"

typedef struct splitter {
    const ps_node *node;
    pc_arena *arena;
    ps_node *all;  /* what is complete, or NULL */
    ps_node *open; /* a phrase that goes on, or NULL */
} splitter;

static ps_node *new_node(const splitter *s, uint8_t kind)
{
    ps_node *n = pc_arena_zalloc(s->arena, 1, sizeof *n);
    if (n)
        *n = (ps_node){.kind = kind,
                       .field = s->node->field,
                       .boost = 1.0F,
                       .start = s->node->start,
                       .end = s->node->end};
    return n;
}

/* Puts a part behind what there is. */
static int append(splitter *s, ps_node *part)
{
    if (!s->all) {
        s->all = part;
        return PARASOL_OK;
    }
    ps_node *near = new_node(s, PS_NODE_NEAR);
    ps_clause *both = pc_arena_zalloc(s->arena, 2, sizeof *both);
    if (!near || !both)
        return PARASOL_NOMEM;
    both[0] = (ps_clause){PS_SHOULD, s->all};
    both[1] = (ps_clause){PS_SHOULD, part};
    near->ordered = 1;
    near->clauses = both;
    near->n = 2;
    s->all = near;
    return PARASOL_OK;
}

static int close_phrase(splitter *s)
{
    ps_node *open = s->open;
    s->open = NULL;
    return open ? append(s, open) : PARASOL_OK;
}

/* A token that is a word as it stands. */
static int take_word(splitter *s, const pc_token *tok)
{
    const char *from = s->node->text.ptr;
    if (!s->open) {
        s->open = new_node(s, PS_NODE_PHRASE);
        if (!s->open)
            return PARASOL_NOMEM;
        s->open->text.ptr = from + tok->start;
    }
    s->open->text.len = (size_t)(from + tok->end - s->open->text.ptr);
    return PARASOL_OK;
}

static int take_pattern(splitter *s, uint8_t kind, size_t start, size_t end)
{
    ps_node *part = new_node(s, kind);
    if (!part || close_phrase(s))
        return PARASOL_NOMEM;
    part->text = (pc_str){s->node->text.ptr + start, end - start};
    if (kind == PS_NODE_FUZZY)
        part->distance = s->node->distance;
    return append(s, part);
}

/* What a token of the leaf becomes. */
static int take_token(splitter *s, const pc_token *tok, bool last)
{
    pc_str text = s->node->text;
    bool before = tok->start > 0 && text.ptr[tok->start - 1] == '*';
    bool behind = tok->end < text.len && text.ptr[tok->end] == '*';
    if (s->node->kind == PS_NODE_FUZZY)
        return take_pattern(s, PS_NODE_FUZZY, tok->start, tok->end);
    if (s->node->kind == PS_NODE_PREFIX)
        return last ? take_pattern(s, PS_NODE_PREFIX, tok->start, tok->end)
                    : take_word(s, tok);
    if (before)
        return take_pattern(s, PS_NODE_WILDCARD, tok->start - 1,
                            (size_t)tok->end + behind);
    if (behind)
        return take_pattern(s, PS_NODE_PREFIX, tok->start, tok->end);
    return take_word(s, tok);
}

static bool may_split(const ps_node *node)
{
    if (node->kind == PS_NODE_FUZZY || node->kind == PS_NODE_PREFIX)
        return true;
    return node->kind == PS_NODE_PHRASE && !node->exact &&
           node->distance == 0 && node->text.len > 0 &&
           memchr(node->text.ptr, '*', node->text.len);
}

/* The next part; what stands beside parts is not looked at. */
static bool next_part(pc_words *words, pc_token *tok)
{
    while (pc_words_next(words, tok))
        if (tok->span == 1)
            return true;
    return false;
}

int ps_split_leaf(ps_node **out, const ps_node *node, pc_arena *arena)
{
    splitter s = {.node = node, .arena = arena};
    pc_words words;
    pc_token tok, next;
    *out = NULL;
    if (!may_split(node))
        return PARASOL_OK;
    pc_words_init(&words, node->text.ptr, node->text.len);
    bool more = next_part(&words, &next);
    while (more) {
        tok = next;
        more = next_part(&words, &next);
        if (take_token(&s, &tok, !more))
            return PARASOL_NOMEM;
    }
    if (close_phrase(&s))
        return PARASOL_NOMEM;
    /* One part is what the leaf is anyway, unless it is a phrase of one
       pattern. */
    if (s.all && s.all->kind != PS_NODE_PHRASE &&
        (s.all->kind == PS_NODE_NEAR || node->kind == PS_NODE_PHRASE))
        *out = s.all;
    return PARASOL_OK;
}
