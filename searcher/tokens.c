/*
 * The functions of <parasol/tokens.h>.
 */
#include <parasol/tokens.h>

#include "common/base/buf.h"
#include "common/base/fail.h"
#include "common/text/analyzer.h"
#include "common/text/words.h"

typedef struct teller {
    pc_analyzer *analyzer;
    pc_buf form, stem; /* with a zero behind */
    parasol_token_fn each;
    void *user;
    parasol_error *err;
} teller;

static parasol_str keep(pc_buf *b, pc_str s)
{
    pc_buf_clear(b);
    pc_buf_put_str(b, s);
    pc_buf_put_u8(b, 0);
    return (parasol_str){(const char *)b->ptr, s.len};
}

static int tell(teller *t, const char *text, const pc_token *tok)
{
    pc_term term;
    pc_str raw = {text + tok->start, tok->end - tok->start};
    if (pc_analyzer_term(t->analyzer, raw, tok->kind, &term))
        return pc_fail_nomem(t->err);
    parasol_token out = {
        .struct_size = sizeof out,
        .start = tok->start,
        .end = tok->end,
        .pos = tok->pos,
        .span = tok->span,
        .back = tok->back,
        .rule = pc_word_rule_name((enum pc_word_rule)tok->rule),
        .form = keep(&t->form, term.form),
        .stem = keep(&t->stem, term.stem),
    };
    if (t->form.status || t->stem.status)
        return pc_fail_nomem(t->err);
    return t->each(t->user, &out);
}

int parasol_tokens(const char *language, const char *text, size_t len,
                   parasol_token_fn each, void *user,
                   const parasol_allocator *alloc, parasol_error *err)
{
    teller t = {.each = each, .user = user, .err = err};
    pc_words words;
    pc_token tok;
    if (len > PC_TOKENIZER_MAX)
        return pc_fail(err, PARASOL_ARG, "a text of more than 4 GiB");
    int rc = pc_analyzer_open(&t.analyzer, language ? language : "english",
                              alloc, err);
    if (rc)
        return rc;
    pc_buf_init(&t.form, alloc);
    pc_buf_init(&t.stem, alloc);
    pc_words_init(&words, text, len);
    while (!rc && pc_words_next(&words, &tok))
        rc = tell(&t, text, &tok);
    pc_buf_release(&t.form);
    pc_buf_release(&t.stem);
    pc_analyzer_free(t.analyzer);
    return rc;
}
