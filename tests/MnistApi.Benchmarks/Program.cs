using System.Reflection;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

// dotnet run -c Release --project tests/MnistApi.Benchmarks -- --filter '*Forward*'   measures
// dotnet run -c Release --project tests/MnistApi.Benchmarks -- --test                 runs each once, to see that it still works
// dotnet run -c Release --project tests/MnistApi.Benchmarks -- --ratios               measures side by side, in alternation
// dotnet run -c Release --project tests/MnistApi.Benchmarks -- --bare-kestrel  the yardstick of http.sh: reads a body, answers a constant
if (args is ["--bare-kestrel", .. var settings])
{
    await MnistApi.Benchmarks.BareKestrel.RunAsync(settings);
    return 0;
}
if (args is ["--bodies", var folder])
{
    MnistApi.Benchmarks.HttpBodies.Write(folder);
    return 0;
}
if (args is ["--start", var rounds, var body, .. var commands])
{
    MnistApi.Benchmarks.StartTime.Print(int.Parse(rounds, System.Globalization.CultureInfo.InvariantCulture), body, commands, Console.Out);
    return 0;
}
if (args is ["--ratios"])
{
    MnistApi.Benchmarks.Ratios.Print(Console.Out);
    MnistApi.Benchmarks.Ratios.PrintJson(Console.Out);
    return 0;
}
if (args is not ["--test"])
{
    BenchmarkSwitcher.FromAssembly(Assembly.GetExecutingAssembly()).Run(args);
    return 0;
}
var once = DefaultConfig.Instance
    .AddJob(Job.Dry.WithToolchain(InProcessEmitToolchain.Instance))
    .WithOptions(ConfigOptions.DisableLogFile);
var summaries = BenchmarkRunner.Run(Assembly.GetExecutingAssembly(), once);
var complaints = summaries.SelectMany(summary => summary.ValidationErrors).Where(error => error.IsCritical).Select(error => error.Message)
    .Concat(summaries.SelectMany(summary => summary.Reports).Where(report => !report.Success).Select(report => $"{report.BenchmarkCase.DisplayInfo} failed"))
    .ToArray();
foreach (var complaint in complaints)
    Console.Error.WriteLine(complaint);
return complaints.Length == 0 && summaries.Length > 0 ? 0 : 1;
