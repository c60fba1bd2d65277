namespace MnistApi.Cli.Tests;

internal static class Run
{
    /// <summary>The command, in this process.</summary>
    public static async Task<(int Code, string Output, string Error)> MnistAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await MnistCommand.RunAsync(args, output, error, TestContext.Current.CancellationToken);
        return (code, output.ToString(), error.ToString());
    }
}
