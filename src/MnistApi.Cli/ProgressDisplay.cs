using Spectre.Console;

namespace MnistApi.Cli;

/// <summary>Shows how far long work has come: a bar on a terminal, a plain line every tenth elsewhere.</summary>
internal static class ProgressDisplay
{
    /// <summary>Runs <paramref name="work"/>, which reports a share of 0..1 and a few words.</summary>
    public static async Task<T> RunAsync<T>(TextWriter output, string title, Func<Action<double, string>, Task<T>> work)
    {
        if (output != Console.Out || Console.IsOutputRedirected)
        {
            var shown = -1;
            return await work((share, words) =>
            {
                var tenth = (int)(share * 10 + 1e-9);
                if (tenth != shown)
                    output.WriteLine($"{title}: {tenth * 10} % {words}".TrimEnd());
                shown = tenth;
            });
        }
        return await AnsiConsole.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(context =>
            {
                var bar = context.AddTask(Markup.Escape(title));
                return work((share, words) =>
                {
                    bar.Value = share * bar.MaxValue;
                    bar.Description = Markup.Escape($"{title} {words}".TrimEnd());
                });
            });
    }
}

/// <summary>Hands a report on at once, on the thread that makes it, so that lines keep their order.</summary>
internal sealed class Reporting<T>(Action<T> report) : IProgress<T>
{
    public void Report(T value) => report(value);
}
