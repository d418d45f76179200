using JanusEvents.RabbitMq.Tests.Hosting;
using JanusEvents.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace JanusEvents.RabbitMq.Tests;

/// <summary>The settings of the package: from the configuration alone, and what is refused when the host starts.</summary>
public sealed class SettingsTests
{
    [Fact]
    public void Options_are_read_from_their_sections()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["JanusEvents:RabbitMq:Receiver:Uri"] = "amqp://rabbit-1,rabbit-2",
            ["JanusEvents:RabbitMq:Receiver:Queue"] = "janus-events.edge-7",
            ["JanusEvents:RabbitMq:Writer:Uri"] = "amqp://rabbit-1",
            ["JanusEvents:RabbitMq:Writer:Partitions"] = "8",
        });
        builder.Services.AddJanusEvents().AddRabbitMqReceiver().AddRabbitMqWriter(options => options.Name = "calls");
        using IHost host = builder.Build();

        host.Services.GetRequiredService<IOptions<RabbitMqReceiverOptions>>().Value.Should().BeEquivalentTo(new { Uri = "amqp://rabbit-1,rabbit-2", Queue = "janus-events.edge-7", Prefetch = 32 });
        host.Services.GetRequiredService<IOptions<RabbitMqWriterOptions>>().Value.Should().BeEquivalentTo(new { Uri = "amqp://rabbit-1", Name = "calls", Partitions = 8 });
    }

    [Fact]
    public async Task A_wrong_address_ends_the_start_without_showing_its_password()
    {
        Func<Task> start = () => TestHost.StartAsync(builder => builder.AddRabbitMqBuffer(options => options.Uri = "rabbit://janus:s3cret@rabbit"));

        (await start.Should().ThrowAsync<OptionsValidationException>()).Which.Message.Should()
            .StartWith("JanusEvents:RabbitMq:Buffer:Uri is not an address of a broker; it must be one such as amqp://").And.NotContain("s3cret");
    }

    [Fact]
    public async Task A_missing_address_and_values_out_of_range_are_named()
    {
        Func<Task> start = () => TestHost.StartAsync(builder => builder.AddRabbitMqWriter(options => (options.Prefetch, options.Partitions) = (0, 65)));

        (await start.Should().ThrowAsync<OptionsValidationException>()).Which.Failures.Should().BeEquivalentTo(
            "JanusEvents:RabbitMq:Writer:Uri is not set; it must be one such as amqp://user:password@rabbit-1:5672/vhost, or amqps:// for TLS, with further nodes of a cluster after commas.",
            "JanusEvents:RabbitMq:Writer:Prefetch is 0; it must be 1 to 1000.",
            "JanusEvents:RabbitMq:Writer:Partitions is 65; it must be 1 to 64.");
    }

    [Fact]
    public void A_host_is_not_the_buffer_and_a_writer_at_once()
    {
        Action both = () => new ServiceCollection().AddJanusEvents().AddRabbitMqBuffer().AddRabbitMqWriter();

        both.Should().Throw<InvalidOperationException>().WithMessage("*either AddRabbitMqBuffer or AddRabbitMqWriter*");
    }

    [Fact]
    public void The_lines_for_Janus_are_those_of_the_only_arrangement_that_survives_a_restart_of_the_broker()
    {
        JanusConfigurationLines.RabbitMq(new Uri("amqps://janus:s3cret@rabbit.example/calls"), "janus-events").Should().Equal(
            "general: {",
            "    enabled = true",
            "    events = \"all\"",
            "    grouping = true",
            "    json = \"compact\"",
            "    host = \"rabbit.example\"",
            "    port = 5671",
            "    username = \"janus\"",
            "    password = \"(the password that belongs to it)\"",
            "    vhost = \"calls\"",
            "    route_key = \"janus-events\"",
            "    declare_outgoing_queue = false",
            "    heartbeat = 10",
            "    ssl_enable = true",
            "}");
    }
}
