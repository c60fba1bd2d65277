using System.Globalization;
using System.Reflection;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using MnistApi.Benchmarks;
using MnistApi.Benchmarks.Load;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

// dotnet run -c Release --project tests/MnistApi.Benchmarks -- --filter '*Forward*'   measures
// dotnet run -c Release --project tests/MnistApi.Benchmarks -- --test                 runs each once, to see that it still works
// dotnet run -c Release --project tests/MnistApi.Benchmarks -- --ratios [PLOT.svg]    measures side by side, in alternation
// Half load against three times too much, and 20 minutes of good and bad requests:
// dotnet run -c Release --project tests/MnistApi.Benchmarks -- --overload 20 'SERVICE --urls http://127.0.0.1:{port}'
// dotnet run -c Release --project tests/MnistApi.Benchmarks -- --soak 20 'SERVICE --urls http://127.0.0.1:{port}'
// compare.sh uses the others.
switch (args)
{
    case ["--bare-kestrel", .. var settings]:
        await BareKestrel.RunAsync(settings);
        return 0;
    case ["--obvious", .. var settings]:
        await ObviousService.RunAsync(settings);
        return 0;
    case ["--bodies", var folder]:
        HttpBodies.Write(folder);
        return 0;
    case ["--start", var rounds, var body, .. var commands]:
        StartTime.Print(int.Parse(rounds, CultureInfo.InvariantCulture), body, commands, Console.Out);
        return 0;
    case ["--eval", var rounds, var service]:
        await EvalTime.PrintAsync(int.Parse(rounds, CultureInfo.InvariantCulture), service, Console.Out);
        return 0;
    case ["--overload", var seconds, var service]:
        await OverloadTest.PrintAsync(int.Parse(seconds, CultureInfo.InvariantCulture), service, Console.Out);
        return 0;
    case ["--soak", var minutes, var service]:
        return await Soak.RunAsync(double.Parse(minutes, CultureInfo.InvariantCulture), service, Console.Out);
    case ["--ratios", .. var plot]:
        Ratios.Print(Console.Out);
        Ratios.PrintJson(Console.Out);
        foreach (var path in plot)
            ThroughputPlot.Write(path);
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
    .Concat(summaries.SelectMany(summary => summary.Reports).Where(report => !report.Success)
        .Select(report => $"{report.BenchmarkCase.DisplayInfo} failed"))
    .ToArray();
foreach (var complaint in complaints)
    Console.Error.WriteLine(complaint);
return complaints.Length == 0 && summaries.Length > 0 ? 0 : 1;
