using System.Text;
using JanusEvents.Events.Json;

namespace JanusEvents.Core.Tests.Parsing;

public sealed class StringPoolTests
{
    private readonly StringPool _pool = new();

    [Fact]
    public void A_text_that_comes_again_is_the_same_string() =>
        _pool.Get("janus.plugin.videoroom"u8).Should().BeSameAs(_pool.Get("janus.plugin.videoroom"u8)).And.Be("janus.plugin.videoroom");

    [Fact]
    public void A_long_text_is_exact_and_not_kept()
    {
        var text = Encoding.UTF8.GetBytes(new string('x', 129));

        _pool.Get(text).Should().Be(new string('x', 129)).And.NotBeSameAs(_pool.Get(text));
    }

    [Fact]
    public void Texts_are_exact_whatever_came_before_in_their_place()
    {
        // More texts than places, and of every length up to beyond the longest that is kept.
        var texts = Enumerable.Range(0, 20_000).Select(i => new string((char)('a' + (i % 26)), i % 140) + (i % 3 == 0 ? "é😀" : "") + i).ToArray();

        foreach (var text in texts.Concat(texts))
            _pool.Get(Encoding.UTF8.GetBytes(text)).Should().Be(text);
        _pool.Get(""u8).Should().BeEmpty();
    }

    [Fact]
    public async Task Several_threads_get_the_texts_they_ask_for()
    {
        var texts = Enumerable.Range(0, 10_000).Select(i => $"{i:x8}-{i}").ToArray();
        var utf8 = texts.Select(Encoding.UTF8.GetBytes).ToArray();
        var wrong = 0;

        await Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(() =>
        {
            for (var i = 0; i < 400_000; i++)
            {
                var which = (int)(((i * 7919L) + thread) % texts.Length);
                if (_pool.Get(utf8[which]) != texts[which])
                    Interlocked.Increment(ref wrong);
            }
        })));

        wrong.Should().Be(0);
    }
}
