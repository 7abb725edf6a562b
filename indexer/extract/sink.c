/*
 * Folding of white space while text is put together.
 */
#include "indexer/extract/sink.h"

void pi_sink_init(pi_sink *s, const pc_mem *mem)
{
    pc_buf_init(&s->out, mem);
    s->gap = PI_GAP_NONE;
}

void pi_sink_release(pi_sink *s)
{
    pc_buf_release(&s->out);
}

void pi_sink_gap(pi_sink *s, pi_gap gap)
{
    if (gap > s->gap)
        s->gap = gap;
}

/* Writes the separation that is owed; none at the start of a line. */
static void settle(pi_sink *s)
{
    static const char gaps[] = {0, ' ', '\t', '\n'};
    pi_gap gap = s->gap;
    s->gap = PI_GAP_NONE;
    if (gap == PI_GAP_NONE || s->out.len == 0)
        return;
    if (s->out.ptr[s->out.len - 1] != '\n')
        pc_buf_put_u8(&s->out, (uint8_t)gaps[gap]);
}

/* Bytes of white space or control at p: 0, 1, or 2 for U+0080 to U+00A0. */
static size_t blank_at(const char *p, const char *end)
{
    unsigned char c = (unsigned char)*p;
    if (c <= 0x20 || c == 0x7f)
        return 1;
    if (c == 0xc2 && end - p >= 2 && (unsigned char)p[1] <= 0xa0)
        return 2;
    return 0;
}

void pi_sink_text(pi_sink *s, pc_str text)
{
    const char *p = text.ptr;
    const char *end = text.len ? p + text.len : p;
    while (p < end) {
        size_t blank = blank_at(p, end);
        if (blank > 0) {
            pi_sink_gap(s, PI_GAP_SPACE);
            p += blank;
            continue;
        }
        const char *start = p;
        do
            p++;
        while (p < end && blank_at(p, end) == 0);
        settle(s);
        pc_buf_put(&s->out, start, (size_t)(p - start));
    }
}

void pi_sink_verbatim(pi_sink *s, pc_str text)
{
    const char *p = text.ptr;
    const char *end = text.len ? p + text.len : p;
    if (p < end)
        settle(s);
    while (p < end) {
        const char *start = p;
        while (p < end &&
               (blank_at(p, end) == 0 || *p == ' ' || *p == '\n' || *p == '\t'))
            p++;
        pc_buf_put(&s->out, start, (size_t)(p - start));
        if (p < end) {
            p += blank_at(p, end);
            pc_buf_put_u8(&s->out, ' ');
        }
    }
}
