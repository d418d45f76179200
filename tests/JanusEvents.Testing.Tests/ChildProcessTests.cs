namespace JanusEvents.Testing.Tests;

public sealed class ChildProcessTests
{
    private static readonly TimeSpan Limit = Wait.Limit;

    [Fact]
    public async Task A_line_that_never_comes_is_an_exception_with_the_output()
    {
        await using var child = ChildProcess.Start(["sh", "-c", "echo something else; exit 3"], Path.GetTempPath());

        var waiting = () => child.WaitForLineAsync(line => line == "ready", Limit, "it to be ready");

        (await waiting.Should().ThrowAsync<InvalidOperationException>())
            .WithMessage("sh ended with exit code 3 instead of it to be ready:*something else*");
    }

    [Fact]
    public async Task A_process_is_gone_when_it_is_disposed_of()
    {
        int id;
        await using (var child = ChildProcess.Start(["sleep", "600"], Path.GetTempPath()))
            id = child.Id;

        Directory.Exists($"/proc/{id}").Should().BeFalse();
    }

    [Fact]
    public async Task A_signal_ends_a_process_with_its_exit_code()
    {
        await using var child = ChildProcess.Start(["sh", "-c", "trap 'exit 5' TERM; echo ready; while :; do sleep 0.05; done"], Path.GetTempPath());
        await child.WaitForLineAsync(line => line == "ready", Limit, "it to be ready");

        child.Send(Signal.Terminate);

        (await child.WaitForExitAsync(Limit)).Should().Be(5);
    }
}
