using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace JanusEvents.SampleHost;

/// <summary>Makes one clear line of what keeps the host from starting.</summary>
internal static class StartFailure
{
    /// <summary>The line, or null for a failure that nobody foresaw, which deserves its stack trace.</summary>
    public static string? Explain(Exception exception) => exception switch
    {
        SettingsException or OptionsValidationException => exception.Message,
        IOException { InnerException: AddressInUseException } =>
            $"{exception.Message} End the program that uses it, or choose another address with --urls http://127.0.0.1:8081",
        IOException => exception.Message,
        SocketException => $"Cannot listen: {exception.Message}. Choose another address with --urls http://127.0.0.1:8081",
        FormatException => $"{exception.Message} (--urls has the form http://127.0.0.1:8080)",
        InvalidDataException { InnerException: { } cause } => $"{exception.Message} {cause.Message}",
        ArgumentException { ParamName: "connectionString" } =>
            $"ConnectionStrings:JanusEvents: {exception.Message.Replace(" (Parameter 'connectionString')", "", StringComparison.Ordinal)}",
        AggregateException several when several.InnerExceptions.All(inner => inner is OptionsValidationException) =>
            string.Join(Environment.NewLine, several.InnerExceptions.Select(inner => inner.Message)),
        _ => null,
    };
}
