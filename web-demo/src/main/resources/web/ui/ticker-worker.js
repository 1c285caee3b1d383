// Told how many milliseconds, it says so when they have passed.

onmessage = ({ data }) => setTimeout(() => postMessage(null), data);
