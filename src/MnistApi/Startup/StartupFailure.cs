using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace MnistApi.Startup;

/// <summary>The service cannot start as it is configured; the message says what to change.</summary>
public sealed class StartupException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Ends a start that cannot succeed with exit code 1 and one message, instead of a stack trace.</summary>
internal static class StartupFailure
{
    private const int ExitCode = 1;

    public static async Task<int> GuardAsync(TextWriter error, Func<Task> run)
    {
        try
        {
            await run();
            return 0;
        }
        catch (Exception failure) when (Explain(failure) is { } message)
        {
            await error.WriteLineAsync($"MnistApi cannot start: {message}");
            return ExitCode;
        }
    }

    private static string? Explain(Exception failure) => failure switch
    {
        StartupException => failure.Message,
        OptionsValidationException options => string.Join(Environment.NewLine, options.Failures),
        AggregateException all when all.InnerExceptions.Select(Explain).ToArray() is var messages && !messages.Contains(null) =>
            string.Join(Environment.NewLine, messages),
        // The configuration binder's own message names the key and the value.
        InvalidOperationException { Source: "Microsoft.Extensions.Configuration.Binder" } =>
            $"{failure.Message} (as an environment variable, a key's ':' is written '__')",
        IOException { InnerException: AddressInUseException or SocketException } =>
            $"{failure.Message} Choose another address with --urls, ASPNETCORE_URLS or ASPNETCORE_HTTP_PORTS.",
        SocketException => $"{failure.Message}. Choose another address with --urls, ASPNETCORE_URLS or ASPNETCORE_HTTP_PORTS.",
        _ => null,
    };
}
