using MnistApi.Cli;

return await MnistCommand.RunAsync(args, Console.Out, Console.Error);
