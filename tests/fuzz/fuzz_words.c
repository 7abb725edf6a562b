/*
 * Any bytes as a text: its words have sound slices and positions, terms that
 * can be keys, and are the same each time. Build with -fsanitize=fuzzer, or
 * with standalone.c to replay files.
 */
#include <stdio.h>
#include <stdlib.h>

#include "common/text/acronym.h"
#include "common/text/analyzer.h"
#include "common/text/ident.h"
#include "common/text/words.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define TEXT_MAX 8192u /* longer ones show nothing new */

static void expect(bool holds, const char *what)
{
    if (holds)
        return;
    (void)fprintf(stderr, "%s\n", what);
    abort();
}

static uint64_t hash(uint64_t h, const void *bytes, size_t n)
{
    const uint8_t *p = bytes;
    for (size_t i = 0; i < n; i++)
        h = (h ^ p[i]) * 0x100000001B3u;
    return h;
}

static void check_token(const pc_token *t, const pc_token *before, size_t size)
{
    expect(t->start < t->end && t->end <= size, "a slice is out of range");
    expect(t->span > 0 && t->back < t->span, "a span is wrong");
    expect(t->back <= t->pos, "a word begins before the text");
    expect(t->pos >= before->pos, "positions fall");
    expect(t->pos <= before->pos + 1, "a position is left out");
    expect(t->span > 1 || t->back == 0, "a part goes back");
}

/* Goes through the words; a hash of what they are. */
static uint64_t read_words(pc_analyzer *a, const char *text, size_t size)
{
    pc_words words;
    pc_token tok, before = {0};
    uint64_t h = 0xCBF29CE484222325u;
    bool first = true;
    pc_words_init(&words, text, size);
    while (pc_words_next(&words, &tok)) {
        pc_term term;
        pc_str raw = {text + tok.start, tok.end - tok.start};
        check_token(&tok, &before, size);
        expect(!first || tok.pos == 0, "the first word is not at 0");
        first = false;
        before = tok;
        expect(pc_analyzer_term(a, raw, tok.kind, &term) == 0, "no memory");
        expect(term.form.len <= PC_TERM_MAX && term.stem.len <= PC_TERM_MAX,
               "a term is too long");
        expect((term.form.len == 0) == (term.stem.len == 0),
               "a form without a stem");
        expect(tok.kind != PC_TOKEN_IDENT || term.form.len > 0,
               "an identifier without a key");
        h = hash(h, &tok.start, sizeof tok.start);
        h = hash(h, &tok.end, sizeof tok.end);
        h = hash(h, &tok.pos, sizeof tok.pos);
        h = hash(h, &tok.kind, 1);
        h = hash(h, &tok.span, 1);
        h = hash(h, &tok.back, 1);
        h = hash(h, term.form.ptr, term.form.len);
        h = hash(h, term.stem.ptr, term.stem.len);
    }
    return h;
}

/* The text as an identifier, also with a type in front. */
static void read_ident(pc_str text)
{
    char key[PC_IDENT_MAX];
    static const char *const types[] = {"cve", "usc", "un", "date", "art"};
    expect(pc_ident_key(text, key) < PC_IDENT_MAX, "a key is too long");
    expect(pc_acronym_key(text, key) < PC_IDENT_MAX, "a key is too long");
    for (size_t i = 0; i < PC_COUNTOF(types); i++)
        expect(pc_ident_typed(pc_str_of(types[i]), text, key) < PC_IDENT_MAX,
               "a key is too long");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static pc_analyzer *a;
    if (!a && pc_analyzer_open(&a, "english", NULL, NULL))
        abort();
    if (size > TEXT_MAX)
        return 0;
    /* A copy of its own size, so that a byte too far is seen. */
    char *text = malloc(size ? size : 1);
    if (!text)
        abort();
    if (size)
        memcpy(text, data, size);
    uint64_t one = read_words(a, text, size);
    expect(one == read_words(a, text, size), "two runs differ");
    read_ident((pc_str){text, size});
    free(text);
    return 0;
}
