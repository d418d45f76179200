using JanusEvents.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JanusEvents.Core.Tests;

/// <summary>Options come from the section JanusEvents and from code, and wrong ones end the start with what to do.</summary>
public sealed class SettingsTests
{
    [Fact]
    public void Every_option_is_read_from_the_section_JanusEvents()
    {
        JanusEventsOptions options = Read(
            services => services.AddJanusEvents(),
            ("JanusEvents:MaxBatchEvents", "7"),
            ("JanusEvents:RetryDelay", "00:00:00.5"),
            ("JanusEvents:Parser:MaxDepth", "100"),
            ("JanusEvents:Redaction:Addresses", "mask"),
            ("JanusEvents:Redaction:Tokens", "true"));

        options.MaxBatchEvents.Should().Be(7);
        options.RetryDelay.Should().Be(TimeSpan.FromMilliseconds(500));
        options.Parser.MaxDepth.Should().Be(100);
        options.Redaction.Addresses.Should().Be(AddressRedaction.Mask);
        options.Redaction.Tokens.Should().BeTrue();
        options.MaxBatchBytes.Should().Be(8 << 20, "what is not set keeps its default");
    }

    [Fact]
    public void Code_wins_over_the_configuration_wherever_it_stands()
    {
        JanusEventsOptions options = Read(
            services =>
            {
                services.Configure<JanusEventsOptions>(o => o.MaxBatchEvents = 1);
                services.AddJanusEvents();
                services.AddJanusEvents(o => o.MaxBatchBytes = 2);
            },
            ("JanusEvents:MaxBatchEvents", "7"),
            ("JanusEvents:MaxBatchBytes", "7"),
            ("JanusEvents:BestEffortQueueBytes", "7"));

        (options.MaxBatchEvents, options.MaxBatchBytes, options.BestEffortQueueBytes).Should().Be((1, 2, 7));
    }

    [Fact]
    public void Code_can_name_another_section()
    {
        (string, string)[] settings = [("Media.Janus:MaxBatchEvents", "7"), ("JanusEvents:MaxBatchEvents", "8")];
        IConfiguration configuration = Configuration(settings);

        Read(services => services.AddJanusEvents(configuration.GetSection("Media.Janus")), settings).MaxBatchEvents.Should().Be(7);
        Starting(services => services.AddJanusEvents(Configuration(("Media.Janus:Parser:MaxDepth", "5")).GetSection("Media.Janus")))
            .Should().Throw<OptionsValidationException>().WithMessage("Media.Janus:Parser:MaxDepth is 5; it must be 64 to 65536.");
    }

    [Fact]
    public void A_host_without_configuration_has_the_defaults()
    {
        using ServiceProvider services = new ServiceCollection().AddLogging().AddJanusEvents().Services.BuildServiceProvider();

        services.GetRequiredService<IOptions<JanusEventsOptions>>().Value.Should().BeEquivalentTo(new JanusEventsOptions());
    }

    [Theory]
    [InlineData("MaxBatchEvents", "0", "is 0; it must be at least 1.")]
    [InlineData("MaxBatchBytes", "-1", "is -1; it must be at least 1.")]
    [InlineData("BestEffortQueueBytes", "0", "is 0; it must be at least 1.")]
    [InlineData("MaxBytesInMemory", "1000", "is 1000; it must be at least 1048576 (1 MiB).")]
    [InlineData("RetryDelay", "00:00:00", "is 00:00:00; it must be more than zero.")]
    [InlineData("RetryDelay", "-1", "is -1.00:00:00; it must be more than zero.")]
    [InlineData("MaxRetryDelay", "00:00:00.05", "is 00:00:00.0500000; it must be at least JanusEvents:RetryDelay, which is 00:00:00.1000000.")]
    [InlineData("Parser:MaxDepth", "63", "is 63; it must be 64 to 65536.")]
    [InlineData("Parser:MaxElements", "99", "is 99; it must be at least 100, the size of Janus's groups.")]
    [InlineData("Redaction:Addresses", "7", "is 7; it must be Keep, Mask or Hash.")]
    public void A_value_out_of_range_ends_the_start_with_its_key_the_value_and_the_range(string key, string value, string message) =>
        Starting(services => services.AddJanusEvents(), ($"JanusEvents:{key}", value))
            .Should().Throw<OptionsValidationException>().WithMessage($"JanusEvents:{key} {message}");

    [Theory]
    [InlineData("MaxBatchEvents", "lots", "a whole number, such as 1000, up to 2147483647")]
    [InlineData("MaxBatchEvents", "3000000000", "a whole number, such as 1000, up to 2147483647")]
    [InlineData("MaxBatchBytes", "8 MiB", "a whole number, such as 1000")]
    [InlineData("RetryDelay", "100ms", "a time as hours:minutes:seconds, such as 00:00:08, or 1.00:00:00 for a day")]
    [InlineData("Redaction:Tokens", "yes", "true or false")]
    [InlineData("Redaction:Addresses", "remove", "Keep or Mask or Hash")]
    [InlineData("Redaction", "on", "a section with keys of its own, which docs/settings.md lists")]
    public void A_value_of_another_kind_ends_the_start_with_its_key_the_value_and_what_it_must_be(string key, string value, string kind) =>
        Starting(services => services.AddJanusEvents(), ($"JanusEvents:{key}", value))
            .Should().Throw<OptionsValidationException>().WithMessage($"JanusEvents:{key} is \"{value}\"; it must be {kind}.");

    [Fact]
    public void All_that_is_wrong_is_said_at_once()
    {
        Starting(services => services.AddJanusEvents(), ("JanusEvents:MaxBatchEvents", "lots"), ("JanusEvents:Redaction:Tokens", "yes"))
            .Should().Throw<OptionsValidationException>().Which.Failures.Should().HaveCount(2);
        Starting(services => services.AddJanusEvents(), ("JanusEvents:MaxBatchEvents", "0"), ("JanusEvents:Parser:MaxDepth", "0"))
            .Should().Throw<OptionsValidationException>().Which.Failures.Should().HaveCount(2);
    }

    [Fact]
    public void What_code_sets_out_of_range_ends_the_start_too() =>
        Starting(services => services.AddJanusEvents(o => o.MaxBatchEvents = 0))
            .Should().Throw<OptionsValidationException>().WithMessage("JanusEvents:MaxBatchEvents is 0; it must be at least 1.");

    [Fact]
    public async Task A_key_that_is_nearly_one_of_an_option_is_warned_of_and_those_of_the_host_are_not()
    {
        DeliveryLogLines log = new();
        using IHost host = Build(
            services => services.AddSingleton<ILoggerProvider>(log).AddJanusEvents().AddSink((_, _) => ValueTask.CompletedTask),
            [
                ("JanusEvents:MaxBatchEvent", "7"),
                ("JanusEvents:Redaction:IcePassword", "true"),
                ("JanusEvents:Print", "true"),
                ("JanusEvents:maxbatchbytes", "7"),
                ("JanusEvents:Media:Server", "x"),
            ]);

        await host.StartAsync();
        await host.StopAsync();

        log.Of(LogLevel.Warning).Should().BeEquivalentTo(
            "Unknown setting JanusEvents:MaxBatchEvent is ignored. Did you mean JanusEvents:MaxBatchEvents?",
            "Unknown setting JanusEvents:Redaction:IcePassword is ignored. Did you mean JanusEvents:Redaction:IcePasswords?");
    }

    private static JanusEventsOptions Read(Action<IServiceCollection> add, params (string Key, string Value)[] settings)
    {
        using IHost host = Build(add, settings);
        return host.Services.GetRequiredService<IOptions<JanusEventsOptions>>().Value;
    }

    private static Action Starting(Action<IServiceCollection> add, params (string Key, string Value)[] settings) => () =>
    {
        using IHost host = Build(
            services =>
            {
                add(services);

                // Not the delivery, which reads the options too: that the start asks is what is tested.
                services.RemoveAll<IHostedService>();
            },
            settings);
        host.Start();
    };

    private static IHost Build(Action<IServiceCollection> add, (string Key, string Value)[] settings)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddConfiguration(Configuration(settings));
        add(builder.Services);
        return builder.Build();
    }

    private static IConfigurationRoot Configuration(params (string Key, string Value)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)))
        .Build();
}
