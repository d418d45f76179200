using System.Collections.Concurrent;
using System.Text;
using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Core.Tests.Delivery;

/// <summary>Functions that are called for events of a kind.</summary>
public sealed class EventHandlerTests
{
    private static readonly TimeSpan s_limit = Wait.Limit;

    private readonly ConcurrentQueue<string> _calls = [];

    [Fact]
    public async Task Each_is_called_for_its_kind_in_the_order_of_arrival_and_of_adding()
    {
        await using DeliveryHost host = await DeliveryHost.StartAsync(b => b
            .OnEvent<DtlsEvent>((e, _) => Note($"first {e.State}"))
            .OnEvent<JanusEvent>((e, _) => Note($"all {e.Type}"))
            .OnEvent<DtlsEvent>((e, _) => Note($"second {e.State}")));

        await DeliverAsync(host, Body(Dtls("trying"), Session(1)));
        await DeliverAsync(host, Body(Dtls("connected")));
        await host.StopAsync();

        _calls.Should().Equal(
            "first trying", "all WebRtc", "second trying", "all Session", "first connected", "all WebRtc", "second connected");
    }

    [Fact]
    public async Task They_are_called_one_at_a_time()
    {
        int running = 0, most = 0;
        await using DeliveryHost host = await DeliveryHost.StartAsync(b => b
            .OnEvent<SessionEvent>(async (_, _) => await CountAsync())
            .OnEvent<JanusEvent>(async (_, _) => await CountAsync()));

        await Task.WhenAll(Enumerable.Range(1, 50).Select(n => DeliverAsync(host, NumberedBody.Of(n))));
        await host.StopAsync();

        _calls.Should().HaveCount(100);
        most.Should().Be(1);

        async Task CountAsync()
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            await Task.Yield();
            _calls.Enqueue("");
            Interlocked.Decrement(ref running);
        }
    }

    [Fact]
    public async Task One_that_throws_holds_up_nothing_and_goes_on_with_the_next_event()
    {
        RecordingSink store = new();
        await using DeliveryHost host = await DeliveryHost.StartAsync(b => b.AddSink(store)
            .OnEvent<SessionEvent>((e, _) => e.SessionId == 3 ? Note("3") : throw new InvalidOperationException("No."))
            .OnEvent<SessionEvent>((e, _) => Note($"other {e.SessionId}")));

        await DeliverAsync(host, NumberedBody.Of(1, 2, 3));
        await host.StopAsync();

        store.Numbers.Should().Equal(1, 2, 3);
        _calls.Should().Equal("other 1", "other 2", "3", "other 3");
        host.Dropped.Should().Be(0);
        host.Log.Of(LogLevel.Warning).Should().ContainSingle("the next line comes after a thousand").Which.Should().Contain("OnEvent<SessionEvent>");
    }

    [Fact]
    public async Task One_that_hangs_holds_up_no_answer()
    {
        TaskCompletionSource never = new();
        await using DeliveryHost host = await DeliveryHost.StartAsync(b => b.AddSink(new RecordingSink())
            .OnEvent<JanusEvent>(async (_, cancellationToken) => await never.Task.WaitAsync(cancellationToken)));

        await DeliverAsync(host, NumberedBody.Of(1));
        await DeliverAsync(host, NumberedBody.Of(2));
    }

    [Fact]
    public async Task A_required_one_holds_up_the_answer_until_it_does_not_throw_and_what_was_handled_is_not_handled_again()
    {
        int failures = 3;
        await using DeliveryHost host = await DeliveryHost.StartAsync(
            b => b
                .OnEvent<SessionEvent>((e, _) => Note($"first {e.SessionId}"), o => o.Required = true)
                .OnEvent<SessionEvent>((e, _) => e.SessionId == 2 && failures-- > 0 ? throw new IOException("Away.") : Note($"second {e.SessionId}"), o => o.Required = true),
            o => o.RetryDelay = TimeSpan.FromMilliseconds(1));

        await DeliverAsync(host, NumberedBody.Of(1, 2, 3));

        failures.Should().Be(-1);
        _calls.Should().Equal("first 1", "second 1", "first 2", "second 2", "first 3", "second 3");
    }

    [Fact]
    public async Task A_body_that_was_handled_before_another_one_of_its_batch_failed_is_not_handled_again()
    {
        TaskCompletionSource began = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        bool failed = false;
        await using DeliveryHost host = await DeliveryHost.StartAsync(
            b => b.OnEvent<SessionEvent>(
                async (e, _) =>
                {
                    began.TrySetResult();
                    await goOn.Task;
                    if (e.SessionId == 3 && !failed)
                    {
                        failed = true;
                        throw new IOException("Away.");
                    }

                    await Note($"{e.SessionId}");
                },
                o => o.Required = true),
            o => o.RetryDelay = TimeSpan.FromMilliseconds(1));

        Task first = DeliverAsync(host, NumberedBody.Of(1));
        await began.Task.WaitAsync(s_limit);
        Task rest = Task.WhenAll(DeliverAsync(host, NumberedBody.Of(2)), DeliverAsync(host, NumberedBody.Of(3)), DeliverAsync(host, NumberedBody.Of(4)));
        goOn.SetResult();
        await first;
        await rest;

        failed.Should().BeTrue();
        _calls.Should().Equal("1", "2", "3", "4");
    }

    [Fact]
    public async Task One_with_a_service_gets_it_from_a_scope_of_its_own_that_ends_with_the_call()
    {
        List<Scoped> seen = [];
        await using DeliveryHost host = await DeliveryHost.StartAsync(b =>
        {
            b.Services.AddScoped<Scoped>();
            b.OnEvent<SessionEvent, Scoped>(async (_, service, _) =>
            {
                await Task.Yield();
                service.IsDisposed.Should().BeFalse();
                seen.Add(service);
            });
        });

        await DeliverAsync(host, NumberedBody.Of(1, 2));
        await host.StopAsync();

        seen.Should().HaveCount(2).And.OnlyHaveUniqueItems().And.OnlyContain(service => service.IsDisposed);
    }

    [Fact]
    public async Task One_whose_service_is_missing_is_an_error_at_start_that_says_what_to_do()
    {
        Func<Task> start = async () => await (await DeliveryHost.StartAsync(b => b.OnEvent<DtlsEvent, Scoped>((_, _, _) => ValueTask.CompletedTask))).DisposeAsync();

        await start.Should().ThrowAsync<InvalidOperationException>().WithMessage("OnEvent<DtlsEvent, Scoped> needs a Scoped*AddScoped<Scoped>()*");
    }

    private ValueTask Note(string call)
    {
        _calls.Enqueue(call);
        return ValueTask.CompletedTask;
    }

    private static string Session(long number) => NumberedBody.Json([number])[1..^1];

    private static string Dtls(string state) =>
        $$$"""{"emitter":"a-janus","type":16,"subtype":5,"timestamp":1795323726312012,"session_id":1,"handle_id":2,"event":{"dtls":"{{{state}}}","stream_id":1,"component_id":1}}""";

    private static ReceivedBody Body(params string[] events)
    {
        byte[] json = Encoding.UTF8.GetBytes($"[{string.Join(',', events)}]");
        return new ReceivedBody(json, new JanusEventParser().Parse(json), DateTimeOffset.UtcNow, null);
    }

    private static async Task DeliverAsync(DeliveryHost host, ReceivedBody body) =>
        (await host.DeliverAsync(body).WaitAsync(s_limit)).Should().BeTrue();

    private sealed class Scoped : IDisposable
    {
        public bool IsDisposed { get; private set; }

        public void Dispose() => IsDisposed = true;
    }
}
