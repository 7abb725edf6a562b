/*
 * Words, many at a time. A plain word (ASCII that begins with a letter, and
 * nothing around it that could make more of it) is found in bit maps of 64
 * bytes (marks.h); pc_words_next has the say on everything else. So what is
 * plain here must be so there, too, and tests compare the two.
 */
#include <string.h>

#include "common/base/ints.h"
#include "common/text/words.h"

/* A word has to end before the last byte of the window, of which less is
   known. */
#define LAST_END (PC_MARKS_BYTES - 2)

/* The map begins at byte `at` of the text. */
static void move_window(pc_words *w, uint32_t at)
{
    const uint8_t *p = (const uint8_t *)w->t.text + at;
    uint8_t tail[PC_MARKS_BYTES] = {0};
    uint32_t left = w->t.len - at;
    if (PC_UNLIKELY(left < sizeof tail)) {
        memcpy(tail, p, left);
        p = tail;
    }
    w->read(&w->marks, p);
    w->window = at;
}

/* A letter before a full stop may begin a row of them (U. S.), one before a
   sign be a name (C++), as may three behind a full stop (.NET); an acronym
   beside parentheses may be explained in them. */
static bool is_odd(const pc_words *w, unsigned start, unsigned end)
{
    const pc_marks *m = &w->marks;
    const char *text = w->t.text + w->window;
    if (end - start == 1 &&
        (text[end] == '.' || text[end] == '+' || text[end] == '#'))
        return true;
    if (end - start == 3 && text[start] == 'N')
        return true;
    uint64_t capitals =
        m->upper >> start & ((UINT64_C(1) << (end - start)) - 1);
    return (m->paren >> end & 1) && (capitals & (capitals - 1));
}

/* Moves to where the next word has to be looked at closely, or to the end. */
static uint32_t plain_words(pc_words *w, pc_token *out, uint32_t max)
{
    const uint32_t len = w->t.len;
    uint32_t at = w->t.at, n = 0;
    while (at < len) {
        if (at < w->window || at - w->window >= LAST_END)
            move_window(w, at);
        const pc_marks m = w->marks;
        const uint32_t window = w->window;
        uint64_t heads = (m.word | m.high) & (~UINT64_C(0) << (at - window));
        at = window + PC_MARKS_BYTES;
        while (heads) {
            unsigned start = pc_ctz64(heads);
            uint64_t others = ~(m.word >> start);
            unsigned end = others ? start + pc_ctz64(others) : PC_MARKS_BYTES;
            if (end > LAST_END && start > 0) {
                move_window(w, at = window + start);
                break;
            }
            if (n == max || end > LAST_END || !(m.letter >> start & 1) ||
                (m.joint >> end & 1) || is_odd(w, start, end)) {
                w->t.at = window + start;
                return n;
            }
            out[n++] = (pc_token){.start = window + start,
                                  .end = window + end,
                                  .pos = w->pos++,
                                  .kind = PC_TOKEN_WORD,
                                  .ascii = 1,
                                  .span = 1,
                                  .rule = PC_RULE_WORD};
            heads &= ~UINT64_C(0) << end;
        }
    }
    w->t.at = len;
    return n;
}

static bool is_between(const pc_words *w)
{
    return w->head == w->count && !w->has_ahead && !w->t.in_run;
}

uint32_t pc_words_some(pc_words *w, pc_token *out, uint32_t max)
{
    uint32_t n = 0;
    while (n < max) {
        if (is_between(w))
            n += plain_words(w, out + n, max - n);
        if (n == max || !pc_words_next(w, &out[n]))
            break;
        n++;
    }
    return n;
}
