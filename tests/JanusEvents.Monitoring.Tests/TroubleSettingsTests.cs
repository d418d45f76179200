using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace JanusEvents.Monitoring.Tests;

/// <summary>The limits of troubles in the configuration.</summary>
public sealed class TroubleSettingsTests
{
    [Fact]
    public void Limits_are_read_by_the_code_of_the_trouble()
    {
        MonitoringOptions options = Read(
            ("JanusEvents:Monitoring:Troubles:high-loss:Raise", "0.1"),
            ("JanusEvents:Monitoring:Troubles:ice-slow:After", "00:00:09"),
            ("JanusEvents:Monitoring:Troubles:rejoin-loop:Enabled", "false"));

        options.Troubles.HighLoss.Raise.Should().Be(0.1);
        options.Troubles.HighLoss.End.Should().Be(0.02);
        options.Troubles.IceSlow.After.Should().Be(TimeSpan.FromSeconds(9));
        options.Troubles.RejoinLoop.Enabled.Should().BeFalse();
    }

    [Fact]
    public void A_limit_that_can_never_end_is_refused_with_its_key_and_its_value()
    {
        Action read = () => Read(("JanusEvents:Monitoring:Troubles:high-rtt:End", "500"));

        read.Should().Throw<OptionsValidationException>()
            .WithMessage("*JanusEvents:Monitoring:Troubles:high-rtt:Raise is 400 and *:End is 500*End at most Raise*");
    }

    [Fact]
    public void A_container_that_was_used_can_be_disposed_of_synchronously()
    {
        ServiceCollection services = new();
        services.AddLogging();
        services.AddJanusEvents().AddSink((_, _) => ValueTask.CompletedTask).AddMonitoring();
        ServiceProvider provider = services.BuildServiceProvider();
        provider.GetRequiredService<IJanusMonitor>().Read().Calls.Should().BeEmpty();

        Action dispose = provider.Dispose;

        dispose.Should().NotThrow();
    }

    private static MonitoringOptions Read(params (string Key, string Value)[] settings)
    {
        ServiceCollection services = new();
        services.AddLogging();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value))).Build());
        services.AddJanusEvents().AddSink((_, _) => ValueTask.CompletedTask).AddMonitoring();
        using ServiceProvider provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptions<MonitoringOptions>>().Value;
    }
}
